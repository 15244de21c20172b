using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Registry;
using Polly.Retry;
using Polly.Timeout;

namespace Worker.Watchdog;

/// <summary>An event of the Events API v2, without its routing key.</summary>
/// <param name="Action"><c>trigger</c> or <c>resolve</c>.</param>
/// <param name="Payload">Of a trigger.</param>
public sealed record PagerEvent(string Action, string DedupKey, PagerPayload? Payload = null, IReadOnlyList<PagerLink>? Links = null)
{
    public const string Trigger = "trigger", Resolve = "resolve";
}

/// <summary>What a trigger says.</summary>
public sealed record PagerPayload(string Summary, string Source, string Severity, DateTimeOffset Timestamp, string Component, string Group, string Class, IReadOnlyDictionary<string, string> CustomDetails);

/// <summary>Where an incident leads.</summary>
public sealed record PagerLink(string Href, string Text);

/// <summary>PagerDuty did not take the event; the same event may be sent again, because its dedup key makes it the same incident.</summary>
public sealed class PagerDutyException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>Sends events to PagerDuty. Every event may be repeated, so time-outs, 429 and 5xx are retried here, and again at the next look.</summary>
public sealed class PagerDutyClient : IDisposable
{
    internal const string PipelineName = "pagerduty";
    private const string Client = "Oddgrain";

    private static readonly TimeSpan OneTry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AllTries = TimeSpan.FromSeconds(20);
    private static readonly Meter Meter = new("Worker");
    private static readonly Counter<long> Events = Meter.CreateCounter<long>("shop.oncall.events", "{event}", "Events sent to PagerDuty, by action and result");

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly HttpClient _http;
    private readonly ResiliencePipeline _pipeline;
    private readonly string? _routingKey;
    private readonly string _shop;

    public PagerDutyClient(IOptions<PagerDutyOptions> options, IOptions<Commerce.Payments.PublicAddress> address, ResiliencePipelineProvider<string> pipelines)
    {
        // Not from the client factory: its standard handlers would stand beneath this pipeline.
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            BaseAddress = new Uri(options.Value.ApiBase.TrimEnd('/') + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _pipeline = pipelines.GetPipeline(PipelineName);
        _routingKey = options.Value.RoutingKey;
        _shop = address.Value.PublicUrl;
    }

    public bool IsOn => !string.IsNullOrEmpty(_routingKey);

    /// <summary>Returns once PagerDuty has accepted the event.</summary>
    /// <exception cref="PagerDutyException">It did not.</exception>
    public async Task SendAsync(PagerEvent what, CancellationToken cancellation)
    {
        var isTrigger = what.Action == PagerEvent.Trigger;
        var body = new Body(_routingKey!, what.Action, what.DedupKey, isTrigger ? Client : null, isTrigger ? _shop : null, what.Payload, what.Links);
        try
        {
            await _pipeline.ExecuteAsync(async token =>
            {
                using var answer = await _http.PostAsJsonAsync("v2/enqueue", body, Json, token);
                if (answer.StatusCode != HttpStatusCode.Accepted)
                    throw new HttpRequestException($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(token)}", null, answer.StatusCode);
            }, cancellation);
            Count(what.Action, "accepted");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or TimeoutRejectedException)
        {
            Count(what.Action, "failed");
            throw new PagerDutyException($"PagerDuty did not take {what.Action} of {what.DedupKey}: {error.Message}", error);
        }
    }

    internal static void Configure(ResiliencePipelineBuilder pipeline) => pipeline
        .AddTimeout(AllTries)
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<Exception>(IsTransient),
            MaxRetryAttempts = 2,
            Delay = TimeSpan.FromMilliseconds(500),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
        })
        .AddTimeout(OneTry);

    public void Dispose() => _http.Dispose();

    private static void Count(string action, string result) => Events.Add(1, new("oncall.action", action), new KeyValuePair<string, object?>("oncall.result", result));

    // 429 asks for minutes, which the watchdog's own back-off gives; trying twice at once would only add to it.
    private static bool IsTransient(Exception error) => error switch
    {
        HttpRequestException { StatusCode: { } status } => (int)status >= 500,
        HttpRequestException or IOException or TimeoutRejectedException => true,
        _ => false,
    };

    private sealed record Body(string RoutingKey, string EventAction, string DedupKey, string? Client, string? ClientUrl, PagerPayload? Payload, IReadOnlyList<PagerLink>? Links);
}
