using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.JavaScript;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.JavaScript
{
    /// <summary>A program run by Node.js through its package.json.</summary>
    /// <param name="name">Unique name.</param>
    /// <param name="command">The package manager, or node.</param>
    /// <param name="workingDirectory">Folder of package.json.</param>
    public class JavaScriptAppResource(string name, string command, string workingDirectory)
        : ExecutableResource(name, command, workingDirectory), IResourceWithServiceDiscovery;

    /// <summary>A script run by Node.js.</summary>
    /// <param name="name">Unique name.</param>
    /// <param name="command">node.</param>
    /// <param name="workingDirectory">Folder of package.json.</param>
    public class NodeAppResource(string name, string command, string workingDirectory) : JavaScriptAppResource(name, command, workingDirectory);

    /// <summary>A Next.js application.</summary>
    /// <param name="name">Unique name.</param>
    /// <param name="command">The package manager.</param>
    /// <param name="workingDirectory">Folder of package.json.</param>
    [Experimental("ASPIREJAVASCRIPT001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
    public class NextJsAppResource(string name, string command, string workingDirectory) : JavaScriptAppResource(name, command, workingDirectory);
}

namespace Aspire.Hosting
{
    /// <summary>Adds programs run by Node.js.</summary>
    public static class JavaScriptHostingExtensions
    {
        /// <summary>Adds a script run by Node.js, without an endpoint.</summary>
        /// <param name="builder">The application.</param>
        /// <param name="name">Unique name.</param>
        /// <param name="appDirectory">Folder of package.json; relative to the AppHost's folder.</param>
        /// <param name="scriptPath">The script; relative to that folder.</param>
        /// <returns>A builder for it.</returns>
        public static IResourceBuilder<NodeAppResource> AddNodeApp(this IDistributedApplicationBuilder builder, string name, string appDirectory, string scriptPath) =>
            builder.AddResource(new NodeAppResource(name, "node", Folder(builder, appDirectory)))
                .WithNodeEnvironment()
                .WithIconName("CodeJsRectangle")
                .WithArgs(scriptPath)
                .WithOtlpExporter();

        /// <summary>Adds a Next.js application: runs a script of its package.json and tells it its port by PORT and -p.</summary>
        /// <param name="builder">The application.</param>
        /// <param name="name">Unique name.</param>
        /// <param name="appDirectory">Folder of package.json; relative to the AppHost's folder.</param>
        /// <param name="runScriptName">The script of package.json.</param>
        /// <returns>A builder for it, with an endpoint named http.</returns>
        [Experimental("ASPIREJAVASCRIPT001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
        public static IResourceBuilder<NextJsAppResource> AddNextJsApp(this IDistributedApplicationBuilder builder, string name, string appDirectory, string runScriptName = "dev")
        {
            var resource = new NextJsAppResource(name, "npm", Folder(builder, appDirectory));
            return builder.AddResource(resource)
                .WithNodeEnvironment()
                .WithIconName("CodeJsRectangle")
                .WithHttpEndpoint(env: "PORT")
                .WithArgs(context =>
                {
                    // npm hands everything behind the lone dashes to the script.
                    foreach (var argument in new object[] { "run", runScriptName, "--", "-p", resource.GetEndpoint("http").Property(EndpointProperty.TargetPort) })
                        context.Args.Add(argument);
                })
                .WithOtlpExporter();
        }

        /// <summary>Uses npm. This subset never installs packages by itself.</summary>
        /// <param name="resource">The resource.</param>
        /// <param name="install">Must be false.</param>
        /// <param name="installCommand">Without effect.</param>
        /// <param name="installArgs">Without effect.</param>
        /// <typeparam name="TResource">Type of the resource.</typeparam>
        /// <returns>The same builder.</returns>
        /// <exception cref="DistributedApplicationException">An installation was asked for.</exception>
        public static IResourceBuilder<TResource> WithNpm<TResource>(this IResourceBuilder<TResource> resource, bool install = true, string? installCommand = null, string[]? installArgs = null)
            where TResource : JavaScriptAppResource => install
                ? throw new DistributedApplicationException($"'{resource.Resource.Name}': this subset of Aspire installs no npm packages: use WithNpm(install: false) and a resource that does.")
                : resource;

        private static IResourceBuilder<T> WithNodeEnvironment<T>(this IResourceBuilder<T> builder)
            where T : IResourceWithEnvironment =>
            builder.WithEnvironment("NODE_ENV", builder.ApplicationBuilder.Environment.IsDevelopment() ? "development" : "production");

        private static string Folder(IDistributedApplicationBuilder builder, string appDirectory) => Path.GetFullPath(Path.Combine(builder.AppHostDirectory, appDirectory));
    }
}
