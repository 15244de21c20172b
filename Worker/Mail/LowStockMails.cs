using Commerce;
using Commerce.Payments;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Worker.Jobs;

namespace Worker.Mail;

/// <summary>A variant that runs low, as staff are told of it.</summary>
public sealed record LowVariant(Guid VariantId, string Title, string Slug, string? Sku, IReadOnlyList<string> Options, int Available)
{
    public string Name => Options.Count == 0 ? Title : $"{Title}, {string.Join(" / ", Options)}";
}

/// <summary>What the low-stock mails say, and who reads them.</summary>
public sealed class LowStockMails(IOptions<MailOptions> options, IOptions<PublicAddress> address)
{
    public const string Alert = "low-stock", Digest = "low-stock-digest";

    private string Shop => address.Value.PublicUrl.TrimEnd('/');

    /// <exception cref="JobFailedException">Nobody is to be told.</exception>
    public string Recipients() => options.Value.StaffRecipients.Count > 0 ? string.Join(", ", options.Value.StaffRecipients)
        : throw new JobFailedException(FailureKind.Ignore, "no-recipients", "Mail:StaffRecipients names nobody.");

    /// <summary>Variants of the query with what can still be sold of them.</summary>
    public static IQueryable<LowVariant> Of(IQueryable<Commerce.Catalog.Variant> variants, ShopDb db) => variants.Join(db.Products, v => v.ProductId, p => p.Id,
        (v, p) => new LowVariant(v.Id, p.Title, p.Slug, v.Sku, v.Options, v.Stock.Sum(s => s.OnHand - s.Reserved)));

    public OutgoingMail AlertOf(LowVariant variant)
    {
        var texts = MailTexts.For(options.Value.Language);
        return Mail(Alert, variant.VariantId, texts, [variant], new MailPage(texts["low-stock.subject", variant.Name], texts["low-stock.preheader", variant.Available],
            texts["low-stock.title", variant.Name], texts["low-stock.intro", variant.Available], texts["foot.staff"]));
    }

    /// <param name="digestId">Of the job: the digest is about nothing else.</param>
    public OutgoingMail DigestOf(Guid digestId, IReadOnlyList<LowVariant> variants)
    {
        var texts = MailTexts.For(options.Value.Language);
        return Mail(Digest, digestId, texts, variants, new MailPage(texts["digest.subject", variants.Count], texts["digest.preheader"],
            texts["digest.title"], texts["digest.intro", variants.Count], texts["foot.staff"]));
    }

    private OutgoingMail Mail(string template, Guid subjectId, MailTexts texts, IReadOnlyList<LowVariant> variants, MailPage words)
    {
        var page = words with { Rows = [.. variants.Select(v => new MailRow(v.Name, v.Sku ?? "", texts["low-stock.count", v.Available], $"{Shop}/products/{v.Slug}"))] };
        return new OutgoingMail(template, subjectId, Recipients(), page.Subject, MailLayout.Html(page, texts, Shop), MailLayout.Text(page, texts, Shop));
    }
}
