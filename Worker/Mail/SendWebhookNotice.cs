using Commerce;
using Commerce.Payments;
using Commerce.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Worker.Jobs;

namespace Worker.Mail;

/// <summary>Which endpoint.</summary>
public sealed record SendWebhookNoticeArguments(Guid EndpointId);

/// <summary>Mails staff that a merchant's endpoint was switched off, and why.</summary>
public sealed class SendWebhookNotice(ShopDb db, MailDelivery delivery, IOptions<MailOptions> options, IOptions<PublicAddress> address) : IJob<SendWebhookNoticeArguments>
{
    public const string Template = "webhook-notice";

    public async Task RunAsync(SendWebhookNoticeArguments arguments, JobRun run, CancellationToken cancellationToken)
    {
        var endpoint = await db.Set<WebhookEndpoint>().AsNoTracking().FirstOrDefaultAsync(e => e.Id == arguments.EndpointId, cancellationToken);
        if (endpoint is not { IsEnabled: false }) throw new JobFailedException(FailureKind.Ignore, "endpoint-works", "The endpoint was removed or switched on meanwhile.");
        if (options.Value.StaffRecipients.Count == 0) throw new JobFailedException(FailureKind.Ignore, "no-recipients", "Mail:StaffRecipients names nobody.");
        await delivery.DeliverAsync(run, () =>
        {
            var (texts, shop) = (MailTexts.For(options.Value.Language), address.Value.PublicUrl.TrimEnd('/'));
            var host = new Uri(endpoint.Url).Host;
            var page = new MailPage(texts["webhook.subject", host], endpoint.DisabledReason!, texts["webhook.title"], texts["webhook.intro", endpoint.Url], texts["foot.webhook"])
            {
                Notes = [(texts["webhook.reason"], [endpoint.DisabledReason!])],
            };
            return new OutgoingMail(Template, endpoint.Id, string.Join(", ", options.Value.StaffRecipients), page.Subject, MailLayout.Html(page, texts, shop), MailLayout.Text(page, texts, shop));
        }, cancellationToken);
    }
}
