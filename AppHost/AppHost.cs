using AppHost;
using AppHost.Resources;

// The whole system on one page, in the order a request flows. Locally every rented service has a stand-in;
// the services themselves only ever see a connection string or an address.
var builder = DistributedApplication.CreateBuilder(args);
var state = LocalState.Open(builder);
builder.MoveDashboard();

// The edge: the only door of the shop.
var proxy = builder.AddService<Projects.Frontend_Proxy>("proxy")
    .WithHttpEndpoint(port: builder.PortOf("proxy", 8080))
    .WithExternalHttpEndpoints();

// What is rented in production.
var shop = builder.AddShopDatabase(state);
var redis = builder.AddSharedRedis(state);
var stripe = builder.AddStripe(state, webhooks: proxy);
var mail = builder.AddMail(state);
var onCall = builder.AddPagerDuty(state);

// Once, before anything serves: the demo's pictures are rendered, the tables migrated, an empty shop filled (unless it shall stay empty).
var migrate = builder.AddService<Projects.Api>("migrate")
    .WithArgs("migrate")
    .WithDemo(state)
    .WithEnvironment("Media__Folder", state.Folder("media"))
    .WithDatabase(shop)
    .WithFirstAdmin(state);

// The business.
var api = builder.AddService<Projects.Api>("api")
    .WithHttpEndpoint()
    .WithOwnHttpPort()
    .WithHttpHealthCheck("/health")
    .WithEnvironment("Services__PublicUrl", proxy.GetEndpoint("http"))
    .WithEnvironment("Webhooks__AllowPrivateAddresses", "true")
    .WithEnvironment("Media__Folder", state.Folder("media"))
    .WithDatabase(shop)
    .WithRedis(redis)
    .WithStripe(stripe)
    .WithStorefrontKey(state)
    .WaitForCompletion(migrate);

var worker = builder.AddService<Projects.Worker>("worker")
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/health")
    .WithEnvironment("Services__PublicUrl", proxy.GetEndpoint("http"))
    .WithEnvironment("Webhooks__AllowPrivateAddresses", "true")
    .WithDatabase(shop)
    .WithRedis(redis)
    .WithStripe(stripe)
    .WithMail(mail)
    .WithPagerDuty(onCall)
    .WithShopTime()
    .WaitForCompletion(migrate);

// The pages.
var frontend = builder.AddStorefront()
    .WithStorefrontKey(state)
    .WithShopTime()
    .WithEnvironment("Services__PublicUrl", proxy.GetEndpoint("http"))
    .WithReference(api)
    .WaitFor(api);

proxy
    .WithHttpHealthCheck("/health")
    .WithEnvironment("Media__Folder", state.Folder("media"))
    .WithEnvironment("Media__CacheFolder", state.Folder("media-cache"))
    .WithReference(api)
    .WithReference(frontend)
    .WaitFor(api)
    .WaitFor(frontend);

builder.AddResetButton(state, shop, redis, migrate.Resource, api.Resource, worker.Resource);

builder.Eventing.Subscribe<ResourceReadyEvent>(proxy.Resource, (_, _) =>
{
    Console.WriteLine($"The shop is open: {proxy.GetEndpoint("http").Url}");
    return Task.CompletedTask;
});

builder.Build().Run();
