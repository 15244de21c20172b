using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Sends a resource's telemetry to the dashboard.</summary>
public static class OtlpConfigurationExtensions
{
    private const string DefaultGrpcUrl = "http://localhost:18889";
    private const string DevelopmentDelayMilliseconds = "1000";

    /// <summary>Tells the resource where to send its telemetry, by the standard OTEL_* variables.</summary>
    /// <param name="builder">The resource.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEnvironment => builder.WithEnvironment(context => Add(context, builder.ApplicationBuilder.Configuration, builder.ApplicationBuilder.Environment));

    private static void Add(EnvironmentCallbackContext context, IConfiguration configuration, IHostEnvironment environment)
    {
        var variables = context.EnvironmentVariables;
        var (url, protocol) = Endpoint(configuration);
        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = url;
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol;
        variables["OTEL_SERVICE_NAME"] = context.Resource.Name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={ResourceIds.SuffixOf(context.Resource)}";
        if (configuration["AppHost:OtlpApiKey"] is { Length: > 0 } key)
            variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";

        if (!environment.IsDevelopment())
            return;

        variables["OTEL_BLRP_SCHEDULE_DELAY"] = DevelopmentDelayMilliseconds;
        variables["OTEL_BSP_SCHEDULE_DELAY"] = DevelopmentDelayMilliseconds;
        variables["OTEL_METRIC_EXPORT_INTERVAL"] = DevelopmentDelayMilliseconds;
        variables["OTEL_TRACES_SAMPLER"] = "always_on";
        variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
    }

    private static (string Url, string Protocol) Endpoint(IConfiguration configuration) =>
        configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] is { Length: > 0 } grpc ? (grpc, "grpc")
        : configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] is { Length: > 0 } http ? (http, "http/protobuf")
        : (DefaultGrpcUrl, "grpc");
}
