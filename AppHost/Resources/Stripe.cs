namespace AppHost.Resources;

/// <summary>The payment gateway as services see it; <paramref name="Emulator"/> is null where the real Stripe answers.</summary>
internal sealed record StripeGateway(string SecretKey, string WebhookSecret, string? Capture, IResourceBuilder<ProjectResource>? Emulator);

/// <summary>Stripe: the emulator, or the real one when <c>Stripe:SecretKey</c> and <c>Stripe:WebhookSecret</c> are configured.</summary>
internal static class Stripe
{
    public static StripeGateway AddStripe(
        this IDistributedApplicationBuilder builder, LocalState state, IResourceBuilder<IResourceWithEndpoints> webhooks)
    {
        var capture = builder.Configuration["Stripe:Capture"];
        var secretKey = builder.Configuration["Stripe:SecretKey"];
        if (!string.IsNullOrEmpty(secretKey))
        {
            var configured = builder.Configuration["Stripe:WebhookSecret"]
                ?? throw new InvalidOperationException(
                    "Stripe:SecretKey is configured without Stripe:WebhookSecret; webhooks could not be verified. Set both, or neither to use the emulator.");
            return new(secretKey, configured, capture, Emulator: null);
        }

        var webhookSecret = state.Secret("stripe-webhook", prefix: "whsec_");
        var emulator = builder.AddService<Projects.Local_Stripe>("stripe")
            .WithHttpEndpoint(port: builder.PortOf("stripe", 12111))
            .WithHttpHealthCheck("/health")
            .WithEnvironment("Stripe__DataFolder", state.Folder("stripe"))
            .WithEnvironment("Stripe__WebhookSecret", webhookSecret)
            .WithUrlForEndpoint("http", url => url.Url = "/_emulator");
        emulator
            .WithEnvironment("Stripe__PublicUrl", emulator.GetEndpoint("http"))
            .WithEnvironment("Stripe__WebhookUrl", ReferenceExpression.Create($"{webhooks.GetEndpoint("http")}/webhooks/stripe"));
        return new("sk_test_emulator", webhookSecret, capture, emulator);
    }

    public static IResourceBuilder<T> WithStripe<T>(this IResourceBuilder<T> service, StripeGateway stripe)
        where T : IResourceWithEnvironment, IResourceWithWaitSupport
    {
        service
            .WithEnvironment("Stripe__SecretKey", stripe.SecretKey)
            .WithEnvironment("Stripe__WebhookSecret", stripe.WebhookSecret);
        if (stripe.Capture is { } capture) service.WithEnvironment("Stripe__Capture", capture);
        return stripe.Emulator is { } emulator
            ? service.WithEnvironment("Stripe__ApiBase", emulator.GetEndpoint("http"))
                .WithEnvironment("Stripe__DashboardUrl", ReferenceExpression.Create($"{emulator.GetEndpoint("http")}/_emulator")).WaitFor(emulator)
            : service;
    }
}
