using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Adds a button.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="name">Unique within the resource.</param>
    /// <param name="displayName">Text of the button.</param>
    /// <param name="executeCommand">What it does.</param>
    /// <param name="commandOptions">What it looks like and when it may be used.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithCommand<T>(
        this IResourceBuilder<T> builder,
        string name,
        string displayName,
        Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand,
        CommandOptions? commandOptions = null)
        where T : IResource
    {
        var replaced = builder.Resource.Annotations.OfType<CommandAnnotation>().FirstOrDefault(existing => existing.Name == name);
        if (replaced is not null)
            builder.Resource.Annotations.Remove(replaced);

        return builder.WithAnnotation(new CommandAnnotation(name, displayName, executeCommand, commandOptions ?? new CommandOptions()));
    }

    /// <summary>Adds a button that sends a request to one of the resource's endpoints.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="path">Path of the request.</param>
    /// <param name="displayName">Text of the button.</param>
    /// <param name="endpointName">Name of the endpoint; the first http one when null.</param>
    /// <param name="commandName">Unique within the resource; made from path and endpoint when null.</param>
    /// <param name="commandOptions">What it looks like, when it may be used, and the method.</param>
    /// <typeparam name="TResource">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<TResource> WithHttpCommand<TResource>(
        this IResourceBuilder<TResource> builder,
        string path,
        string displayName,
        string? endpointName = null,
        string? commandName = null,
        HttpCommandOptions? commandOptions = null)
        where TResource : IResourceWithEndpoints
    {
        var endpoint = endpointName is null ? builder.Resource.FirstHttpEndpoint() : builder.GetEndpoint(endpointName);
        var options = commandOptions ?? new HttpCommandOptions();
        options.UpdateState ??= context => context.ResourceSnapshot.HealthStatus is null ? ResourceCommandState.Disabled : ResourceCommandState.Enabled;
        var method = options.Method ?? HttpMethod.Post;
        return builder.WithCommand(commandName ?? $"{builder.Resource.Name}-{endpoint.EndpointName}-http-{method.Method}-{path}", displayName, Send, options);

        async Task<ExecuteCommandResult> Send(ExecuteCommandContext context)
        {
            using var client = context.ServiceProvider.GetRequiredService<IHttpClientFactory>().CreateClient();
            using var request = new HttpRequestMessage(method, new Uri(new Uri(endpoint.Url), path));
            using var response = await client.SendAsync(request, context.CancellationToken);
            return response.IsSuccessStatusCode
                ? CommandResults.Success()
                : CommandResults.Failure($"{method} {request.RequestUri} answered {(int)response.StatusCode}.");
        }
    }
}
