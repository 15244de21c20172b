using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Local.Web;

/// <summary>What a control is told, read in full before anything is done: either all of it is as it should be, or there is a refusal that names all that is not.</summary>
internal sealed record Asked<T>(T? Value, IResult? Refusal) where T : class
{
    private const int MaxBody = 64 * 1024;

    private static readonly IReadOnlyList<Member> Members = Member.Of(typeof(T));
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static Dictionary<string, string> Accepted => Members.ToDictionary(member => member.Name, member => member.Words);

    /// <summary>A JSON object in the body, nothing in the query.</summary>
    public static async Task<Asked<T>> BodyAsync(HttpRequest request)
    {
        if (request.Query.Count > 0)
            return No(StatusCodes.Status400BadRequest, $"What this control takes comes in the body, not in the query ({request.QueryString}).");
        if (await TextAsync(request) is not { } text)
            return No(StatusCodes.Status413PayloadTooLarge, $"The body is larger than {MaxBody} bytes.");
        if (!request.HasJsonContentType())
            return No(StatusCodes.Status415UnsupportedMediaType, $"The content type is '{request.ContentType}'. Send application/json.");
        return JsonText.ReadObject(text) is { } told ? From(told) : No(StatusCodes.Status400BadRequest, "The body must be one JSON object of Unicode text in UTF-8 that names nothing twice.");
    }

    /// <summary>All in the query; a body that says anything is refused.</summary>
    public static async Task<Asked<T>> QueryAsync(HttpRequest request)
    {
        if (await TextAsync(request) is not { } text || text.Trim() is not ("" or "{}"))
            return No(StatusCodes.Status400BadRequest, Members.Count == 0 ? "This control takes no body." : "What this control takes comes in the query, not in the body.");
        return From(request.Query, emptyIsNone: false);
    }

    /// <summary>A form as browsers send it; an optional field that was left empty is not there.</summary>
    public static async Task<Asked<T>> FormAsync(HttpRequest request)
    {
        if (!request.HasFormContentType)
            return No(StatusCodes.Status415UnsupportedMediaType, $"The content type is '{request.ContentType}'. Send a form.");
        try
        {
            return From(await request.ReadFormAsync(request.HttpContext.RequestAborted), emptyIsNone: true);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return No(StatusCodes.Status400BadRequest, $"The form cannot be read: {e.Message}");
        }
    }

    /// <returns>Null when it is larger than anything a control takes. What is not UTF-8 is no JSON either.</returns>
    private static async Task<string?> TextAsync(HttpRequest request)
    {
        var buffer = new byte[MaxBody + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, request.HttpContext.RequestAborted);
        try
        {
            return length > MaxBody ? null : Utf8.GetString(buffer, 0, length);
        }
        catch (DecoderFallbackException)
        {
            return "\uFFFD";
        }
    }

    private static Asked<T> From(IEnumerable<KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>> given, bool emptyIsNone)
    {
        var told = new JsonObject();
        foreach (var (name, values) in given)
        {
            var text = values.ToString();
            var member = Members.FirstOrDefault(member => member.Name == name);
            if (values.Count > 1 || told.ContainsKey(name))
                return No(StatusCodes.Status400BadRequest, $"{name} is there more than once.");
            if (!emptyIsNone || text.Length > 0 || member is not { IsRequired: false })
                told[name] = member?.Read(text) ?? text;
        }
        return From(told);
    }

    private static Asked<T> From(JsonObject told)
    {
        var problems = told.Where(given => Members.All(member => member.Name != given.Key)).Select(given => $"{given.Key} is not known.")
            .Concat(Members.Where(member => member.IsRequired && !told.ContainsKey(member.Name)).Select(member => $"{member.Name} is missing."))
            .Concat(Members.Where(member => told.ContainsKey(member.Name)).Select(member => member.Problem(told[member.Name])).OfType<string>()).ToList();
        if (problems.Count > 0)
            return No(StatusCodes.Status400BadRequest, string.Join(' ', problems));
        var value = told.Deserialize<T>(Member.Json)!;
        return value is IValidatableObject whole && whole.Validate(new ValidationContext(value)).Select(problem => problem.ErrorMessage).ToList() is { Count: > 0 } wrong
            ? No(StatusCodes.Status400BadRequest, string.Join(' ', wrong))
            : new Asked<T>(value, null);
    }

    private static Asked<T> No(int status, string detail) => new(null, Web.Refusal.Of(status, detail, Accepted));
}
