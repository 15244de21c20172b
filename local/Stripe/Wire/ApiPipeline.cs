using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Local.Stripe.Controls;
using Local.Stripe.State;
using Microsoft.Extensions.Options;

namespace Local.Stripe.Wire;

/// <summary>What every call of <c>/v1</c> goes through: key, version, idempotency, faults, transaction, error envelope.</summary>
public sealed partial class ApiPipeline(Store store, WorkFactory works, ApiFaults faults, IOptions<StripeOptions> options, ILogger<ApiPipeline> log)
{
    private const int MaxBody = 1 << 20;
    private const int MaxKey = 255;
    private static readonly TimeSpan KeysLive = TimeSpan.FromHours(24);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly HashSet<string> _inFlight = [];

    public RequestDelegate Run(ApiEndpoint endpoint) => context => HandleAsync(context, endpoint);

    private async Task HandleAsync(HttpContext context, ApiEndpoint endpoint)
    {
        var requestId = Ids.New("req");
        context.Response.Headers["Request-Id"] = requestId;
        context.Response.Headers["Stripe-Version"] = options.Value.ApiVersion;
        context.Response.Headers.CacheControl = "no-cache, no-store";
        Answer answer;
        try
        {
            Authenticate(context.Request);
            UseVersion(context);
            var form = FormNode.Parse(await ReadFormAsync(context.Request));
            answer = await OnceAsync(context, form, requestId, endpoint);
        }
        catch (StripeError error)
        {
            answer = new Answer(error.Status, Text(error.Render()));
        }
        if (context.RequestAborted.IsCancellationRequested)
            return;
        log.LogInformation("{Method} {Path} {Status} {RequestId}", context.Request.Method, context.Request.Path, answer.Status, requestId);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.Body, context.RequestAborted);
    }

    private async Task<Answer> OnceAsync(HttpContext context, FormNode form, string requestId, ApiEndpoint endpoint)
    {
        var key = HttpMethods.IsPost(context.Request.Method) ? Key(context.Request) : null;
        if (key is null)
            return await ExecuteAsync(context, form, requestId, null, endpoint);

        context.Response.Headers["Idempotency-Key"] = key;
        lock (_inFlight)
        {
            if (!_inFlight.Add(key))
                throw new StripeError(StatusCodes.Status409Conflict, "idempotency_error", $"There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): {key}. Please try again later.") { Code = "idempotency_key_in_use" };
        }
        try
        {
            return await ExecuteAsync(context, form, requestId, new Replay(key, Fingerprint(context.Request, form)), endpoint);
        }
        finally
        {
            lock (_inFlight)
                _inFlight.Remove(key);
        }
    }

    private async Task<Answer> ExecuteAsync(HttpContext context, FormNode form, string requestId, Replay? replay, ApiEndpoint endpoint)
    {
        if (replay is not null && store.Run(t => t.Find<AnswerRecord>(replay.Key)) is { } earlier && works.Now - earlier.Created < KeysLive)
        {
            if (earlier.Fingerprint != replay.Fingerprint)
                throw new StripeError(StatusCodes.Status400BadRequest, "idempotency_error", $"Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '{replay.Key}' if you meant to execute a different request.");
            context.Response.Headers["Idempotent-Replayed"] = "true";
            context.Response.Headers["Original-Request"] = earlier.RequestId;
            return new Answer(earlier.Status, earlier.Body);
        }

        var fault = faults.Take(context.Request);
        await ApiFaults.BeforeAsync(fault, context);
        var answer = store.Run(transaction =>
        {
            var work = works.Begin(transaction, requestId, replay?.Key);
            var done = Execute(new ApiCall(new Params(form), work, context.Request), endpoint);
            if (fault?.Kind == ApiFaultKind.ErrorAfter)
                done = new Answer(StatusCodes.Status500InternalServerError, Text(ApiFaults.ServerError().Render()));
            if (replay is not null)
                transaction.Put(new AnswerRecord { Id = replay.Key, Created = work.Now, Fingerprint = replay.Fingerprint, Status = done.Status, Body = done.Body, RequestId = requestId });
            return done;
        });
        ApiFaults.After(fault, context);
        return answer;
    }

    private static Answer Execute(ApiCall call, ApiEndpoint endpoint)
    {
        try
        {
            var paths = call.Params.Texts("expand");
            var body = endpoint(call);
            Expansion.Apply(body, paths, call.Work.State);
            call.Params.Done();
            return new Answer(StatusCodes.Status200OK, Text(body));
        }
        catch (StripeError error) when (error.KeepsState)
        {
            call.Params.Done();
            return new Answer(error.Status, Text(error.Render()));
        }
    }

    private static void Authenticate(HttpRequest request)
    {
        AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header);
        var key = header?.Scheme.ToUpperInvariant() switch
        {
            "BEARER" => header.Parameter,
            "BASIC" => BasicUser(header.Parameter),
            _ => null,
        };
        if (string.IsNullOrEmpty(key))
            throw StripeError.Invalid("You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').", status: StatusCodes.Status401Unauthorized);
        if (!TestKey().IsMatch(key))
            throw StripeError.Invalid($"Invalid API Key provided: {key[..Math.Min(8, key.Length)]}****. The emulator takes test keys only (sk_test_… or rk_test_…).", status: StatusCodes.Status401Unauthorized);
    }

    private static string? BasicUser(string? parameter)
    {
        var bytes = new byte[parameter?.Length ?? 0];
        return Convert.TryFromBase64String(parameter ?? "", bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length).Split(':')[0]
            : null;
    }

    private static void UseVersion(HttpContext context)
    {
        if (!context.Request.Headers.TryGetValue("Stripe-Version", out var version))
            return;
        if (!VersionName().IsMatch(version.ToString()))
            throw StripeError.Invalid($"Invalid Stripe API version: {version}. Valid versions look like 2026-10-28.endive.");
        context.Response.Headers["Stripe-Version"] = version;
    }

    /// <summary>Parameters of the body and, as Stripe takes them too, of the address.</summary>
    private static async Task<string> ReadFormAsync(HttpRequest request)
    {
        var query = request.QueryString.Value is { Length: > 1 } text ? text[1..] : "";
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsDelete(request.Method))
            return query;
        if (request.ContentLength > MaxBody)
            throw StripeError.Invalid("Request body too large.", status: StatusCodes.Status413PayloadTooLarge);
        if (request.ContentLength is not (0 or null) && request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true)
            throw StripeError.Invalid("Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have questions, we can help at https://support.stripe.com/.");
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        return $"{query}&{await reader.ReadToEndAsync(request.HttpContext.RequestAborted)}";
    }

    private static string? Key(HttpRequest request)
    {
        var key = request.Headers["Idempotency-Key"].ToString();
        return key.Length switch
        {
            0 => null,
            > MaxKey => throw StripeError.Invalid($"Idempotency key cannot be longer than {MaxKey} characters."),
            _ => key,
        };
    }

    private static string Fingerprint(HttpRequest request, FormNode form)
    {
        var text = new StringBuilder(request.Path);
        form.WriteCanonical(text);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static string Text(JsonNode node) => node.ToJsonString(Indented);

    [GeneratedRegex("^(sk|rk)_test_[A-Za-z0-9_]+$")]
    private static partial Regex TestKey();

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$")]
    private static partial Regex VersionName();

    private sealed record Answer(int Status, string Body);

    private sealed record Replay(string Key, string Fingerprint);
}
