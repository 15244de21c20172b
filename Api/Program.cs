using Api;
using Api.Accounts;
using Api.Baskets;
using Api.Catalog;
using Api.Catalog.Staff;
using Api.Commands;
using Api.Limits;
using Api.Jobs;
using Api.Mail;
using Api.OnCall;
using Api.Orders;
using Api.Orders.Staff;
using Api.Payments;
using Api.Payments.Staff;
using Api.Shipping;
using Api.Staff;
using Api.Stock;
using Api.Webhooks;
using Commerce;
using Commerce.Catalog.Caching;
using Commerce.Catalog.Import;
using Commerce.Jobs;
using Commerce.OnCall;
using Commerce.Webhooks;
using ServiceDefaults;

if (await ShopCommand.TryRunAsync(args) is { } exitCode) return exitCode;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddNpgsqlDbContext<ShopDb>("shop", settings => settings.ConnectionString = ShopDb.Prepared(settings.ConnectionString));
// Redis wakes the worker sooner and holds the sessions: without it the Api neither waits at start nor reports itself unready.
builder.AddRedisClient("redis", settings => settings.DisableHealthChecks = true, options => options.AbortOnConnectFail = false);
builder.Services.AddCommerce(builder.Configuration).AddOrders(builder.Configuration).AddAccounts().AddJobRelay().AddSignals(builder.Configuration)
    .AddCatalogCache(builder.Configuration);
builder.Services.AddSingleton<ImportDesk>().AddHostedService(provider => provider.GetRequiredService<ImportDesk>());
builder.Services.AddSessions(builder.Configuration);
builder.Services.AddStaffAccess();
builder.Services.AddSingleton<CatalogAnswers>();
WebhookVerbs.Register(builder.Services, builder.Configuration);
builder.Services.AddWire();
builder.AddRateLimits();
builder.AddMailReports();

var app = builder.Build();
app.UseCallerAddress();
app.UseRefusals();
app.UseCrossSiteRefusal();
app.UseAuthorization();
app.UseRateLimits();
app.MapDefaultEndpoints();
app.MapDocument();
ReadRunbook.Map(app);

var v1 = app.MapGroup("/api/v1").LimitBodies().ProducesProblem(StatusCodes.Status429TooManyRequests).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
ListProducts.Map(v1);
GetProduct.Map(v1);
ListFacets.Map(v1);
ListCollections.Map(v1);
GetCollection.Map(v1);

OpenBasket.Map(v1);
GetBasket.Map(v1);
SetBasketLine.Map(v1);
RemoveBasketLine.Map(v1);

ListShippingRates.Map(v1);
PlaceOrder.Map(v1);
GetOrder.Map(v1);
CancelOrder.Map(v1);

OpenPaymentSession.Map(v1);
ConfirmPayment.Map(v1);
ReceiveStripeEvent.Map(app);
ReceiveMailReport.Map(app);

OpenAccount.Map(v1);
SignIn.Map(v1);
GetSession.Map(v1);
SignOut.Map(v1);
ChangePassword.Map(v1);
ListMyOrders.Map(v1);
GetMyOrder.Map(v1);

var catalog = v1.MapStaff(StaffArea.Catalog);
ListEveryProduct.Map(catalog);
ReadProduct.Map(catalog);
CreateProduct.Map(catalog);
ChangeProduct.Map(catalog);
PublishProduct.Map(catalog);
ChangeVariant.Map(catalog);
WithdrawVariant.Map(catalog);
SetTerms.Map(catalog);
SetOptions.Map(catalog);
AddPicture.Map(catalog);
ArrangePictures.Map(catalog);
RemovePicture.Map(catalog);
ListEveryCollection.Map(catalog);
ReadCollection.Map(catalog);
SaveCollection.Map(catalog);
RemoveCollection.Map(catalog);
ChangeMembership.Map(catalog);
Attributes.Map(catalog);
RemoveAttribute.Map(catalog);
RemoveAttributeValues.Map(catalog);
StartImport.Map(catalog);
GetImport.Map(catalog);
ExportProducts.Map(catalog);
ListAudit.Map(v1.MapStaff(StaffArea.Audit));
v1.MapStock();
ShippingZones.Map(v1.MapStaff(StaffArea.Orders));
VatRates.Map(v1.MapStaff(StaffArea.Orders));
ShopPolicies.Map(v1.MapStaff(StaffArea.Orders));
Currencies.Map(v1.MapStaff(StaffArea.Orders));
ListMail.Map(v1.MapStaff(StaffArea.Mail));
LiftSuppression.Map(v1.MapStaff(StaffArea.Mail));
StopMail.Map(v1);
var webhooks = v1.MapStaff(StaffArea.Webhooks);
ListWebhookEndpoints.Map(webhooks);
AddWebhookEndpoint.Map(webhooks);
ReadWebhookEndpoint.Map(webhooks);
ChangeWebhookEndpoint.Map(webhooks);
RemoveWebhookEndpoint.Map(webhooks);
RotateWebhookSecret.Map(webhooks);
ListWebhookDeliveries.Map(webhooks);
RedeliverWebhook.Map(webhooks);

var staffOrders = v1.MapStaff(StaffArea.Orders);
ListOrders.Map(staffOrders);
ReadOrder.Map(staffOrders);
FulfilOrder.Map(staffOrders);
TrackFulfilment.Map(staffOrders);
CancelOrderOfShopper.Map(staffOrders);
RefundOrder.Map(staffOrders);
CaptureOrder.Map(staffOrders);
ReadReconciliation.Map(staffOrders);
StartReconciliation.Map(staffOrders);

var jobs = v1.MapStaff(StaffArea.Jobs);
GetJobHealth.Map(jobs);
ListRecurringTasks.Map(jobs);
ListJobs.Map(jobs);
GetJob.Map(jobs);
ReplayDeadLetters.Map(jobs);
DiscardDeadLetters.Map(jobs);
JobsPage.Map(jobs);

var admin = v1.MapAdmin();
ListAccounts.Map(admin);
GetAccount.Map(admin);
CreateStaff.Map(admin);
ChangeAccount.Map(admin);
ListApiKeys.Map(admin);
CreateApiKey.Map(admin);
RevokeApiKey.Map(admin);

app.Run();
return 0;
