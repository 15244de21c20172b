using System.Globalization;

namespace AppHost.Resources;

internal static class Dashboard
{
    /// <summary>
    /// Moves the dashboard to <c>Ports:dashboard</c>, its intake of telemetry and the resource service to the two ports after it. Unsaid, they stay where
    /// the launch profile or the environment has them: a variable cannot move what the profile sets, which outranks it under <c>dotnet run</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">What is configured is no port, or leaves no room for the other two.</exception>
    public static void MoveDashboard(this IDistributedApplicationBuilder builder)
    {
        if (builder.ConfiguredPort("dashboard") is not { } port)
            return;
        if (port > ushort.MaxValue - 2)
            throw new InvalidOperationException($"Ports:dashboard={port} leaves no room for the two ports after it; accepted are 1 to {ushort.MaxValue - 2}.");
        foreach (var setting in (string[])["ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"])
            builder.Configuration[setting] = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port++}");
    }
}
