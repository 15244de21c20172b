using System.Diagnostics;
using System.Text.Json.Nodes;
using Local.Npm;
using Tests.Fixture;

namespace Tests.Stripe;

/// <summary>Stripe's client for Node, unchanged, against the emulator.</summary>
public sealed class NodeClientTests
{
    private const string ClientVersion = "23.1.0";

    [Fact]
    public async Task Stripe_s_client_for_Node_works_unchanged()
    {
        await using var run = await StripeRun.StartAsync();
        var package = await InstallAsync();
        var result = await DriveAsync(package, run.Url, """
            const [folder, address] = process.argv.slice(2);
            const { default: Stripe } = await import(require('node:url').pathToFileURL(require.resolve(folder)));
            const { hostname, port } = new URL(address);
            const stripe = new Stripe('sk_test_node', { host: hostname, port, protocol: 'http', telemetry: false, maxNetworkRetries: 0 });
            const session = await stripe.checkout.sessions.create({
              mode: 'payment', success_url: 'https://shop.example/ok', metadata: { order: 'OG-1' },
              line_items: [{ quantity: 3, price_data: { currency: 'eur', unit_amount: 1000, product_data: { name: 'Card' } } }],
            });
            const read = await stripe.checkout.sessions.retrieve(session.id, { expand: ['line_items'] });
            const paid = { amount: 4900, currency: 'eur', payment_method: 'pm_card_visa', confirm: true, automatic_payment_methods: { enabled: true, allow_redirects: 'never' } };
            const intent = await stripe.paymentIntents.create(paid, { idempotencyKey: 'node-1' });
            const again = await stripe.paymentIntents.create(paid, { idempotencyKey: 'node-1' });
            const refund = await stripe.refunds.create({ payment_intent: intent.id });
            const declined = await stripe.paymentIntents.create({ ...paid, payment_method: 'pm_card_visa_chargeDeclined' }).catch((error) => error);
            const missing = await stripe.refunds.retrieve('re_nothing').catch((error) => error);
            let listed = 0;
            for await (const event of stripe.events.list({ limit: 2 })) listed++;
            console.log(JSON.stringify({
              total: read.amount_total, lines: read.line_items.data.length, same: intent.id === again.id, status: intent.status, refunded: refund.amount,
              declined: [declined.type, declined.decline_code], missing: [missing.type, missing.statusCode], events: listed,
            }));
            """);

        Assert.Equal("""{"total":3000,"lines":1,"same":true,"status":"succeeded","refunded":4900,"declined":["StripeCardError","generic_decline"],"missing":["StripeInvalidRequestError",404],"events":8}""", result);
    }

    [Fact]
    public async Task Stripe_s_client_for_Node_answers_disputes()
    {
        await using var run = await StripeRun.StartAsync();
        var result = await DriveAsync(await InstallAsync(), run.Url, """
            const [folder, address] = process.argv.slice(2);
            const { default: Stripe } = await import(require('node:url').pathToFileURL(require.resolve(folder)));
            const { hostname, port } = new URL(address);
            const stripe = new Stripe('sk_test_node', { host: hostname, port, protocol: 'http', telemetry: false, maxNetworkRetries: 0 });
            const pay = (card) => stripe.paymentIntents.create({ amount: 4900, currency: 'eur', payment_method: card, confirm: true, automatic_payment_methods: { enabled: true, allow_redirects: 'never' } });
            const disputeOf = async (intent) => (await stripe.disputes.list({ payment_intent: intent.id })).data[0];
            const won = await pay('pm_card_createDispute');
            const opened = await disputeOf(won);
            const refused = await stripe.refunds.create({ payment_intent: won.id }).catch((error) => error);
            await stripe.disputes.update(opened.id, { evidence: { uncategorized_text: 'draft' }, submit: false, metadata: { order: 'OG-1' } });
            const draft = await stripe.disputes.retrieve(opened.id, { expand: ['charge'] });
            const closed = await stripe.disputes.update(opened.id, { evidence: { uncategorized_text: 'winning_evidence' }, submit: true });
            const again = await stripe.disputes.close(opened.id).catch((error) => error);
            const given = await stripe.disputes.close((await disputeOf(await pay('pm_card_createDispute'))).id);
            const inquiry = await disputeOf(await pay('pm_card_createDisputeInquiry'));
            const missing = await stripe.disputes.retrieve('du_nothing').catch((error) => error);
            let listed = 0;
            for await (const dispute of stripe.disputes.list({ limit: 1 })) listed++;
            const { data } = await stripe.events.list({ type: 'charge.dispute.closed' });
            console.log(JSON.stringify({
              opened: [opened.status, opened.amount, opened.reason, opened.balance_transactions.length], refused: [refused.type, refused.code],
              draft: [draft.status, draft.evidence.uncategorized_text, draft.metadata.order, draft.charge.disputed, draft.evidence_details.submission_count],
              closed: [closed.status, closed.balance_transactions.length], again: [again.type, again.statusCode], given: given.status,
              inquiry: [inquiry.status, inquiry.balance_transactions.length], missing: [missing.type, missing.statusCode], listed, events: data.map((e) => e.data.object.status),
            }));
            """);

        Assert.Equal("""{"opened":["needs_response",4900,"fraudulent",1],"refused":["StripeInvalidRequestError","charge_disputed"],"draft":["needs_response","draft","OG-1",true,0],"closed":["won",2],"again":["StripeInvalidRequestError",400],"given":"lost","inquiry":["warning_needs_response",0],"missing":["StripeInvalidRequestError",404],"listed":3,"events":["lost","won"]}""", result);
    }

    [Fact]
    public async Task Stripe_s_client_for_Node_verifies_the_signature()
    {
        await using var run = await StripeRun.StartAsync();
        await run.Client.V1.PaymentIntents.CreateAsync(Orders.Intent(4900));
        await run.Receiver.WaitForAsync("payment_intent.created");
        var delivery = run.Receiver.Received[0];
        var result = await DriveAsync(await InstallAsync(), run.Url, $$"""
            const { default: Stripe } = await import(require('node:url').pathToFileURL(require.resolve(process.argv[2])));
            const stripe = new Stripe('sk_test_node');
            const body = {{JsonValue.Create(delivery.Body).ToJsonString()}};
            const event = stripe.webhooks.constructEvent(body, {{JsonValue.Create(delivery.Headers["Stripe-Signature"]).ToJsonString()}}, '{{StripeRun.WebhookSecret}}');
            let forged = 'taken';
            try { stripe.webhooks.constructEvent(body + ' ', {{JsonValue.Create(delivery.Headers["Stripe-Signature"]).ToJsonString()}}, '{{StripeRun.WebhookSecret}}'); } catch (error) { forged = error.type; }
            console.log(event.type, forged);
            """);
        Assert.Equal("payment_intent.created StripeSignatureVerificationError", result);
    }

    private static Task<string> InstallAsync() =>
        NpmPackage.InstallAsync("stripe", ClientVersion, TestFolders.Packages, progress: null, TestContext.Current.CancellationToken);

    private static async Task<string> DriveAsync(string package, string url, string script)
    {
        var folder = TestFolders.CreatePrivate();
        try
        {
            var file = Path.Combine(folder, "drive.mjs");
            await System.IO.File.WriteAllTextAsync(file, "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\n" + script);
            using var node = Process.Start(new ProcessStartInfo("node", [file, package, url]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = node.StandardError.ReadToEndAsync();
            var output = await node.StandardOutput.ReadToEndAsync();
            await node.WaitForExitAsync();
            Assert.True(node.ExitCode == 0, await errors);
            return output.Trim();
        }
        finally
        {
            TestFolders.Delete(folder);
        }
    }
}
