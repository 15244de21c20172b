using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ServiceDefaults;

/// <summary>Logs, metrics and traces, sent by OTLP wherever <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.</summary>
internal static class Telemetry
{
    /// <summary>Our own activity sources and meters, and those of the libraries that report under their own name.</summary>
    private static readonly string[] Sources = ["Commerce", "Worker", "Npgsql", "Yarp.ReverseProxy"];
    private static readonly string[] Meters = ["Commerce", "Worker", "Npgsql", "Polly", "System.Net.NameResolution"];

    /// <summary>Libraries that log a line per request, statement or HTTP call at Information: spans already say it.</summary>
    private static readonly string[] Chatty =
        ["Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore", "Npgsql", "System.Net.Http.HttpClient", "Polly", "Yarp", "StackExchange.Redis"];

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        foreach (var category in Chatty)
            if (builder.Configuration[$"Logging:LogLevel:{category}"] is null)
                builder.Logging.AddFilter(category, LogLevel.Warning);

        // People read the console in development, and on the dashboard of Aspire, which asks for the simple format; everywhere else a
        // log collector does, one JSON object per line with the trace id.
        if (!builder.Environment.IsDevelopment() && builder.Configuration["Logging:Console:FormatterName"] is null)
            builder.Logging.AddJsonConsole(console =>
            {
                console.IncludeScopes = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "O";
            });

        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });

        var isExported = !string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        var telemetry = builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter([.. Meters, builder.Environment.ApplicationName]))
            // Spans that nobody receives are not made: a request keeps its trace id, for problems and logs, and hands it on.
            .WithTracing(tracing => (isExported ? tracing : tracing.SetSampler(new AlwaysOffSampler()))
                .AddSource([.. Sources, builder.Environment.ApplicationName])
                .AddAspNetCoreInstrumentation(options => options.Filter = IsTraced)
                .AddHttpClientInstrumentation());

        if (isExported)
            telemetry.UseOtlpExporter();
    }

    private static bool IsTraced(HttpContext context) =>
        !context.Request.Path.StartsWithSegments(Defaults.HealthPath) && !context.Request.Path.StartsWithSegments(Defaults.AlivePath);
}
