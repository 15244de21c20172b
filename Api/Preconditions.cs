using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Commerce;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;

namespace Api;

/// <summary>
/// For what two people may edit (RFC 9110, 13.1.1): reading answers an ETag with <see cref="Preconditions.SetETag"/>, changing binds this and
/// asks <see cref="Refuses"/> before it saves. The moment in between is guarded by the entity's concurrency token: what EF then
/// finds changed is answered as the same 412.
/// </summary>
public sealed record IfMatch(string? Value) : IEndpointParameterMetadataProvider
{
    public static ValueTask<IfMatch> BindAsync(HttpContext context) =>
        ValueTask.FromResult(new IfMatch(context.Request.Headers.IfMatch is { Count: > 0 } values ? values.ToString() : null));

    /// <summary>428 without the header, 412 when it names another version; null when the change may go on.</summary>
    /// <param name="version">What differs between any two states of the thing: a row version, a stamp, a time of change.</param>
    public ProblemHttpResult? Refuses(object version)
    {
        if (Value is null)
            return Refusals.Problem(Preconditions.Required, StatusCodes.Status428PreconditionRequired, "Send the ETag you read as If-Match, so that nobody else's change is lost.", null);
        var tags = Value.Split(',', StringSplitOptions.TrimEntries);
        return tags is ["*"] || tags.Contains(Preconditions.ETagOf(version)) ? null : Preconditions.Changed();
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(TakesIfMatch.Instance);
        foreach (var status in (int[])[StatusCodes.Status412PreconditionFailed, StatusCodes.Status428PreconditionRequired])
            builder.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(Microsoft.AspNetCore.Mvc.ProblemDetails), ["application/problem+json"]));
    }
}

/// <summary>Marks endpoints whose description mentions If-Match.</summary>
internal sealed class TakesIfMatch
{
    public static readonly TakesIfMatch Instance = new();
}

/// <summary>ETags, and the two ways to refuse an edit of something that is no longer what the editor saw.</summary>
public static class Preconditions
{
    public const string Required = "request.precondition-required";
    public const string Failed = "request.precondition-failed";

    private const int TagBytes = 8;

    /// <summary>Says which version is being answered.</summary>
    public static void SetETag(this HttpContext context, object version) => context.Response.Headers.ETag = ETagOf(version);

    /// <summary>The value as 200 with the ETag of its version, or the refusal.</summary>
    public static Results<Ok<T>, ProblemHttpResult> Answer<T>(this Outcome<T> outcome, HttpContext context, Func<T, object> version)
    {
        if (!outcome.IsRefused) context.SetETag(version(outcome.Value));
        return outcome.Answer();
    }

    /// <summary>Hashed, so that it tells nothing about what it is made of.</summary>
    internal static string ETagOf(object version) =>
        $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{version}"))).AsSpan(0, TagBytes))}\"";

    internal static ProblemHttpResult Changed() =>
        Refusals.Problem(Failed, StatusCodes.Status412PreconditionFailed, "Somebody changed it since you read it; read it again.", null);
}
