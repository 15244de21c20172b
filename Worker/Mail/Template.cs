using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Worker.Mail;

/// <summary>A mail cannot be made of its template: nothing that trying again could help.</summary>
public sealed class MailTemplateException(string message) : Exception(message);

/// <summary>
/// A mail template embedded in this assembly. <c>{{name}}</c> is replaced by a value, HTML-encoded in .html files; <c>{{{name}}}</c> by
/// a piece that another template has made. A name without a value, or a value without a place, is an error: nobody proofreads mails at run time.
/// </summary>
internal sealed partial class Template
{
    private readonly string _source;
    private readonly bool _isHtml;

    private Template(string source, bool isHtml) => (_source, _isHtml) = (source, isHtml);

    /// <exception cref="FileNotFoundException">Nothing of that name is embedded.</exception>
    public static Template Load(string fileName)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Templates/{fileName}")
            ?? throw new FileNotFoundException("No such mail template.", fileName);
        using var reader = new StreamReader(stream);
        return new Template(reader.ReadToEnd(), fileName.EndsWith(".html", StringComparison.Ordinal));
    }

    /// <exception cref="MailTemplateException">Places and values do not match.</exception>
    public string Fill(params (string Name, string Value)[] values)
    {
        var all = values.ToDictionary(value => value.Name, value => value.Value);
        var used = new HashSet<string>();
        var filled = Place().Replace(_source, match =>
        {
            var name = match.Groups["name"].Value;
            if (!all.TryGetValue(name, out var value)) throw new MailTemplateException($"The mail template has no value for '{name}'.");
            used.Add(name);
            return _isHtml && !match.Groups["piece"].Success ? WebUtility.HtmlEncode(value) : value;
        });
        var unused = all.Keys.Except(used).ToList();
        return unused.Count == 0 ? filled : throw new MailTemplateException($"The mail template has no place for: {string.Join(", ", unused)}.");
    }

    [GeneratedRegex(@"\{\{(?<piece>\{)?(?<name>[A-Za-z]+)\}\}(?(piece)\})")]
    private static partial Regex Place();
}
