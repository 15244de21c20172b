using System.Text.RegularExpressions;
using MimeKit;

namespace Local.Mail.Mailbox;

/// <summary>The readable parts of a message.</summary>
internal static partial class MailContent
{
    /// <summary>Everything that can be downloaded: attachments and the pictures an HTML text refers to.</summary>
    public static IReadOnlyList<MimeEntity> Parts(MimeMessage message) =>
        [.. message.BodyParts.Where(part => part.IsAttachment || part is MessagePart || (part.ContentId is not null && part is MimePart { ContentType.MediaType: "image" }))
            .Concat(message.Attachments).Distinct()];

    public static string Name(MimeEntity part, int index) =>
        part.ContentDisposition?.FileName ?? part.ContentType.Name ?? (part is MessagePart ? $"message-{index}.eml" : $"part-{index}");

    public static async Task<byte[]> BytesAsync(MimeEntity part, CancellationToken cancellation)
    {
        using var memory = new MemoryStream();
        if (part is MessagePart nested)
            await (nested.Message ?? new MimeMessage()).WriteToAsync(memory, cancellation);
        else if (part is MimePart { Content: { } content })
            await content.DecodeToAsync(memory, cancellation);
        return memory.ToArray();
    }

    /// <summary>The HTML text for the preview: its pictures by address instead of by content id, its links in a new tab.</summary>
    public static string? Preview(MimeMessage message, string partsUrl)
    {
        if (message.HtmlBody is not { } html)
            return null;
        var parts = Parts(message);
        var shown = ContentId().Replace(html, reference =>
        {
            var id = Uri.UnescapeDataString(reference.Groups[1].Value);
            var index = parts.ToList().FindIndex(part => part.ContentId == id);
            return index < 0 ? reference.Value : $"{partsUrl}/{index}";
        });
        const string Links = "<base target=\"_blank\">";
        var head = Head().Match(shown);
        return head.Success ? shown.Insert(head.Index + head.Length, Links) : Links + shown;
    }

    [GeneratedRegex("""cid:([^"'\s>)]+)""", RegexOptions.IgnoreCase)]
    private static partial Regex ContentId();

    [GeneratedRegex("<head[^>]*>", RegexOptions.IgnoreCase)]
    private static partial Regex Head();
}
