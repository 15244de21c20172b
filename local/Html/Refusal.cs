using Microsoft.AspNetCore.WebUtilities;

namespace Local.Web;

/// <summary>What a control answers when it does nothing: a problem document (RFC 9457) that says what is wrong and, in <c>accepted</c>, what would have been taken.</summary>
internal static class Refusal
{
    private const string Problem = "application/problem+json";

    public static IResult Of(int status, string detail, object? accepted = null) =>
        Results.Json(new { title = ReasonPhrases.GetReasonPhrase(status), status, detail, accepted }, contentType: Problem, statusCode: status);

    /// <summary>404: nothing of that kind has that id.</summary>
    public static IResult Unknown(string kind, string id, string listedAt) =>
        Of(StatusCodes.Status404NotFound, $"There is no {kind} '{id}'.", $"the id of a {kind} in {listedAt}");

    /// <summary>409: it is there, and not in a state in which that can happen.</summary>
    public static IResult Conflict(string detail, string accepted) => Of(StatusCodes.Status409Conflict, detail, accepted);
}
