using Local.Stripe.Controls;
using Local.Stripe.Endpoints;
using Local.Stripe.Pages;
using Local.Stripe.Payments;
using Local.Stripe.State;
using Local.Stripe.Webhooks;
using Local.Stripe.Wire;
using Microsoft.Extensions.Options;

using Local.Web;

namespace Local.Stripe;

/// <summary>A stand-in for Stripe that speaks its wire: the API under <c>/v1</c>, the payment page, signed webhooks.</summary>
public static class StripeEmulator
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        // The pipeline logs every call with its request id; the framework's own lines would say it twice.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.Services.AddOptions<StripeOptions>().BindConfiguration(StripeOptions.Section).ValidateDataAnnotations()
            .Validate(options => string.IsNullOrEmpty(options.WebhookUrl) || !string.IsNullOrEmpty(options.WebhookSecret),
                "Stripe:WebhookSecret is needed to sign what is posted to Stripe:WebhookUrl.")
            .ValidateOnStart();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow);
        builder.Services.AddSingleton<EmulatorClock>();
        builder.Services.AddSingleton<TimeProvider>(services => services.GetRequiredService<EmulatorClock>());
        builder.Services.AddSingleton(services => new StateLog(services.GetRequiredService<IOptions<StripeOptions>>().Value.DataFolder));
        builder.Services.AddSingleton<Store>();
        builder.Services.AddSingleton<WorkFactory>();
        builder.Services.AddSingleton<WebhookPlan>();
        builder.Services.AddSingleton<ApiFaults>();
        builder.Services.AddSingleton<ApiPipeline>();
        builder.Services.AddSingleton<BrowserOrigin>();
        builder.Services.AddSingleton<SessionRequest>();
        builder.Services.AddSingleton<IntentRequest>();
        builder.Services.AddSingleton<EventEndpoints>();
        builder.Services.AddSingleton<PayEndpoints>();
        builder.Services.AddSingleton<ChallengeEndpoints>();
        builder.Services.AddSingleton<ControlEndpoints>();
        builder.Services.AddSingleton<ControlPage>();
        builder.Services.AddSingleton<ControlForms>();
        builder.Services.AddHostedService<WebhookSender>();
        builder.Services.AddHostedService<Expiry>();
        builder.Services.AddHealthChecks();

        var app = builder.Build();
        app.MapHealthChecks("/health");
        app.MapHealthChecks("/alive");
        var api = app.Services.GetRequiredService<ApiPipeline>();
        SessionEndpoints.Map(app, api, app.Services.GetRequiredService<SessionRequest>());
        IntentEndpoints.Map(app, api, app.Services.GetRequiredService<IntentRequest>());
        RefundEndpoints.Map(app, api);
        DisputeEndpoints.Map(app, api);
        app.Services.GetRequiredService<EventEndpoints>().Map(app, api);
        app.Map("/v1/{**rest}", api.Run(call => throw StripeError.Invalid(
            $"Unrecognized request URL ({call.Request.Method}: {call.Request.Path}).", status: StatusCodes.Status404NotFound)));
        app.Services.GetRequiredService<PayEndpoints>().Map(app);
        app.Services.GetRequiredService<ChallengeEndpoints>().Map(app);
        var controls = app.MapGroup("").AddEndpointFilter(OwnPagesOnly.Check);
        app.Services.GetRequiredService<ControlEndpoints>().Map(controls);
        app.Services.GetRequiredService<ControlForms>().Map(controls);
        Frame.Emulator.MapAssets(app);
        return app;
    }
}
