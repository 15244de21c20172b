namespace AppHost.Resources;

/// <summary>A data service as its consumers see it: a connection string, and the server to wait for.</summary>
internal sealed record DataService(
    IResourceBuilder<IResourceWithConnectionString> Connection,
    IResourceBuilder<IResource> Server);

/// <summary>
/// PostgreSQL and Redis, each one logical resource with two bodies: embedded servers (default, no container engine needed)
/// or containers, by <c>--Local:DataServices=container</c>.
/// </summary>
internal static class Data
{
    private const string Setting = "Local:DataServices";

    /// <summary>The orchestrator's proxy takes connections for a server that is gone and then holds them: without a short limit a request would hang with them.</summary>
    private const string ConnectSeconds = "3";

    public static DataService AddShopDatabase(this IDistributedApplicationBuilder builder, LocalState state)
    {
        if (UsesContainers(builder))
        {
            var container = builder.AddPostgres("postgres").WithDataVolume("oddgrain-postgres");
            return new(container.AddDatabase("shop"), container);
        }

        var password = state.Secret("postgres");
        var server = builder.AddService<Projects.Local_Postgres>("postgres")
            .WithHttpEndpoint(name: "health")
            .WithEndpoint(name: "tcp", scheme: "tcp", env: "Postgres__Port")
            .WithHttpHealthCheck("/health", endpointName: "health")
            .WithEnvironment("Postgres__DataFolder", state.Folder("postgres"))
            .WithEnvironment("Postgres__BinariesFolder", state.Packages)
            .WithEnvironment("Postgres__Password", password)
            .WithEnvironment("Postgres__Database", "shop");
        var tcp = server.GetEndpoint("tcp");
        var connection = builder.AddConnectionString("shop-connection", ReferenceExpression.Create(
            $"Host={tcp.Property(EndpointProperty.Host)};Port={tcp.Property(EndpointProperty.Port)};Username=postgres;Password={password};Database=shop;Timeout={ConnectSeconds};SSL Mode=Disable;GSS Encryption Mode=Disable"));
        return new(connection, server);
    }

    public static DataService AddSharedRedis(this IDistributedApplicationBuilder builder, LocalState state)
    {
        if (UsesContainers(builder))
        {
            var container = builder.AddRedis("redis").WithDataVolume("oddgrain-redis");
            return new(container, container);
        }

        var password = state.Secret("redis");
        var server = builder.AddService<Projects.Local_Redis>("redis")
            .WithHttpEndpoint(name: "health")
            .WithEndpoint(name: "tcp", scheme: "tcp", env: "Redis__Port")
            .WithHttpHealthCheck("/health", endpointName: "health")
            .WithEnvironment("Redis__DataFolder", state.Folder("redis"))
            .WithEnvironment("Redis__Password", password);
        var tcp = server.GetEndpoint("tcp");
        var connection = builder.AddConnectionString("redis-connection", ReferenceExpression.Create(
            $"{tcp.Property(EndpointProperty.Host)}:{tcp.Property(EndpointProperty.Port)},password={password}"));
        return new(connection, server);
    }

    public static IResourceBuilder<T> WithDatabase<T>(this IResourceBuilder<T> service, DataService shop)
        where T : IResourceWithEnvironment, IResourceWithWaitSupport =>
        service.WithReference(shop.Connection, connectionName: "shop").WaitFor(shop.Server);

    public static IResourceBuilder<T> WithRedis<T>(this IResourceBuilder<T> service, DataService redis)
        where T : IResourceWithEnvironment, IResourceWithWaitSupport =>
        service.WithReference(redis.Connection, connectionName: "redis").WaitFor(redis.Server);

    private static bool UsesContainers(IDistributedApplicationBuilder builder) =>
        builder.Configuration[Setting] switch
        {
            null or "embedded" => false,
            "container" => true,
            var other => throw new InvalidOperationException($"{Setting}={other} is not understood; accepted are embedded and container."),
        };
}
