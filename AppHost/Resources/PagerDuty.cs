namespace AppHost.Resources;

/// <summary>Where alerts go; <paramref name="Emulator"/> is null where the real PagerDuty is called.</summary>
internal sealed record OnCallService(string RoutingKey, IResourceBuilder<ProjectResource>? Emulator);

/// <summary>PagerDuty: the emulator, or the real one when <c>PagerDuty:RoutingKey</c> (an Events API v2 integration key) is configured.</summary>
internal static class PagerDuty
{
    /// <summary>Only the emulator takes it: 32 letters, as the wire demands.</summary>
    private const string EmulatorKey = "localemulatorlocalemulatorlocale";

    public static OnCallService AddPagerDuty(this IDistributedApplicationBuilder builder, LocalState state)
    {
        if (builder.Configuration["PagerDuty:RoutingKey"] is { Length: > 0 } routingKey)
            return new(routingKey, Emulator: null);

        var emulator = builder.AddService<Projects.Local_PagerDuty>("pagerduty")
            .WithHttpEndpoint(port: builder.PortOf("pagerduty", 8090))
            .WithHttpHealthCheck("/health")
            .WithEnvironment("PagerDuty__DataFolder", state.Folder("pagerduty"));
        return new(EmulatorKey, emulator);
    }

    public static IResourceBuilder<T> WithPagerDuty<T>(this IResourceBuilder<T> service, OnCallService onCall)
        where T : IResourceWithEnvironment, IResourceWithWaitSupport
    {
        service.WithEnvironment("PagerDuty__RoutingKey", onCall.RoutingKey);
        if (service.ApplicationBuilder.Configuration["ASPNETCORE_URLS"]?.Split(';')[0] is { Length: > 0 } dashboard)
            service.WithEnvironment("Watchdog__DashboardUrl", dashboard);
        return onCall.Emulator is { } emulator
            ? service.WithEnvironment("PagerDuty__ApiBase", emulator.GetEndpoint("http")).WaitFor(emulator)
            : service;
    }
}
