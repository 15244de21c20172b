using System.Reflection;
using System.Security.Claims;
using Api.Accounts;
using Commerce.Audit;
using Microsoft.AspNetCore.Http.Metadata;

namespace Api.Staff;

/// <summary>
/// Who asks, and why: bound from the session or API key and from <c>X-Reason</c>, which is percent-encoded UTF-8 (<c>Damaged%20in%20transit</c>),
/// because header values have no other way to say it in every language. Whoever changes anything says why; only reading needs no reason.
/// </summary>
public sealed record StaffCall(Actor Actor, string? Reason) : IEndpointParameterMetadataProvider
{
    public const string ReasonHeader = "X-Reason";

    public static ValueTask<StaffCall> BindAsync(HttpContext context)
    {
        var text = Uri.UnescapeDataString(context.Request.Headers[ReasonHeader].ToString()).Trim();
        if (!AuditEntry.IsReason(text))
            throw new BadHttpRequestException($"{ReasonHeader} takes at most {AuditEntry.MaxReasonLength} characters and no control characters.");
        if (text == "" && !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method)) throw new ReasonMissingException();
        return ValueTask.FromResult(new StaffCall(ActorOf(context.User), text == "" ? null : text));
    }

    /// <summary>Somebody of staff, or a machine.</summary>
    internal static Actor ActorOf(ClaimsPrincipal user) => user.Actor()
        ?? (user.Identities.FirstOrDefault(i => i.AuthenticationType == ApiKeys.SchemeName) is { } key
            ? new Actor(ActorKind.ApiKey, key.FindFirst(ClaimTypes.NameIdentifier)!.Value, key.FindFirst(ClaimTypes.Name)!.Value)
            : throw new InvalidOperationException("A call of staff is only answered behind the staff policy."));

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(TakesReason.Instance);
}

/// <summary>Somebody of staff changes something and does not say why.</summary>
public sealed class ReasonMissingException() : Exception($"Say why, in the header {StaffCall.ReasonHeader} (percent-encoded UTF-8).");

/// <summary>Marks endpoints whose description mentions <see cref="StaffCall.ReasonHeader"/>.</summary>
internal sealed class TakesReason
{
    public static readonly TakesReason Instance = new();
}
