#pragma warning disable ASPIREJAVASCRIPT001 // AddNextJsApp is marked experimental in Aspire 13.5

using Aspire.Hosting.JavaScript;

namespace AppHost.Resources;

/// <summary>
/// The Next.js storefront: built for production and started, or with hot reload by <c>--Frontend:Mode=dev</c>.
/// Installing and building are a resource of their own, so that their progress shows and a second start skips both.
/// </summary>
internal static class Storefront
{
    private const string Folder = "../Frontend";

    public static IResourceBuilder<NextJsAppResource> AddStorefront(this IDistributedApplicationBuilder builder)
    {
        var dev = builder.Configuration["Frontend:Mode"] switch
        {
            null or "production" => false,
            "dev" => true,
            var other => throw new InvalidOperationException($"Frontend:Mode={other} is not understood; accepted are production and dev."),
        };
        string[] arguments = dev ? ["scripts/build.mjs", "--install-only"] : ["scripts/build.mjs"];
        var build = builder.AddExecutable("frontend-build", "node", Folder, arguments)
            .WithEnvironment("NEXT_TELEMETRY_DISABLED", "1");
        var frontend = builder.AddNextJsApp("frontend", Folder, runScriptName: dev ? "dev" : "start")
            .WithNpm(install: false)
            .WithOwnHttpPort()
            .WithEnvironment("NODE_ENV", dev ? "development" : "production")
            .WithEnvironment("NEXT_TELEMETRY_DISABLED", "1")
            .WithHttpHealthCheck("/alive")
            .WaitForCompletion(build);
        build.WithParentRelationship(frontend);
        return frontend;
    }
}
