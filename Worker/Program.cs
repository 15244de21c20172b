using Commerce;
using Commerce.Jobs;
using Commerce.OnCall;
using Commerce.Outbox;
using ServiceDefaults;
using Worker;
using Worker.Housekeeping;
using Worker.Jobs;
using Worker.Mail;
using Worker.Payments;
using Worker.Watchdog;
using Worker.Webhooks;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddNpgsqlDbContext<ShopDb>("shop", settings => settings.ConnectionString = ShopDb.Prepared(settings.ConnectionString));
// Without Redis the worker is slower, not unready: it neither waits for it at start nor reports it as a need.
builder.AddRedisClient("redis", settings => settings.DisableHealthChecks = true, options => options.AbortOnConnectFail = false);
builder.Services.AddCommerce(builder.Configuration).AddOrders(builder.Configuration);
builder.Services.AddJobRelay();
builder.Services.AddMail(builder.Configuration);
builder.Services.AddSignals(builder.Configuration).AddWatchdog(builder.Configuration).AddWebhooks(builder.Configuration);
builder.Services.AddJobs(jobs => jobs
    .Add<ApplyStripeEvent, ApplyStripeEventArguments>(JobKinds.ApplyStripeEvent)
    .Add<ExpireReservation, ExpireReservationArguments>(JobKinds.ExpireReservation)
    .Add<RefundPayment, RefundPaymentArguments>(JobKinds.RefundPayment)
    .Add<VoidPayment, VoidPaymentArguments>(JobKinds.VoidPayment)
    .Add<ReconcilePayments, ReconcilePaymentsArguments>(JobKinds.ReconcilePayments)
    .Add<SendReceipt, SendReceiptArguments>(JobKinds.SendReceipt)
    .Add<SendShippingNotice, SendShippingNoticeArguments>(JobKinds.SendShippingNotice)
    .Add<SendTrackingNotice, SendTrackingNoticeArguments>(JobKinds.SendTrackingNotice)
    .Add<SendCancellation, SendCancellationArguments>(JobKinds.SendCancellation)
    .Add<SendRefundNotice, SendRefundNoticeArguments>(JobKinds.SendRefundNotice)
    .Add<AnnounceBackInStock, AnnounceBackInStockArguments>(JobKinds.AnnounceBackInStock)
    .Add<AlertLowStock, AlertLowStockArguments>(JobKinds.AlertLowStock)
    .Add<SendLowStockDigest, NoArguments>(JobKinds.SendLowStockDigest)
    .Add<SendStaffMail, SendStaffMailArguments>(JobKinds.SendStaffMail)
    .Add<SendRefundFailure, SendRefundFailureArguments>(JobKinds.SendRefundFailure)
    .Add<SendDisputeNotice, SendDisputeNoticeArguments>(JobKinds.SendDisputeNotice)
    .Add<SendWebhookNotice, SendWebhookNoticeArguments>(JobKinds.SendWebhookNotice)
    .Add<PublishEvent, PublishEventArguments>(JobKinds.PublishEvent)
    .Add<DeliverWebhook, DeliverWebhookArguments>(JobKinds.DeliverWebhook)
    .Add<Purge, NoArguments>(JobKinds.Purge));
builder.Services.AddSchedule(Schedule.Tasks);

var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
