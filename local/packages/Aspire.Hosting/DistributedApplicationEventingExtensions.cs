using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Subscribes to the events of one resource.</summary>
public static class DistributedApplicationEventingExtensions
{
    /// <summary>Calls back before each start of the resource, after its waits.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="callback">What is called.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> OnBeforeResourceStarted<T>(this IResourceBuilder<T> builder, Func<T, BeforeResourceStartedEvent, CancellationToken, Task> callback)
        where T : IResource
    {
        builder.ApplicationBuilder.Eventing.Subscribe<BeforeResourceStartedEvent>(builder.Resource, (happened, token) => callback(builder.Resource, happened, token));
        return builder;
    }

    /// <summary>Calls back whenever the resource has started and its health checks pass.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="callback">What is called.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> OnResourceReady<T>(this IResourceBuilder<T> builder, Func<T, ResourceReadyEvent, CancellationToken, Task> callback)
        where T : IResource
    {
        builder.ApplicationBuilder.Eventing.Subscribe<ResourceReadyEvent>(builder.Resource, (happened, token) => callback(builder.Resource, happened, token));
        return builder;
    }

    /// <summary>Calls back whenever the resource has ended.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="callback">What is called.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> OnResourceStopped<T>(this IResourceBuilder<T> builder, Func<T, ResourceStoppedEvent, CancellationToken, Task> callback)
        where T : IResource
    {
        builder.ApplicationBuilder.Eventing.Subscribe<ResourceStoppedEvent>(builder.Resource, (happened, token) => callback(builder.Resource, happened, token));
        return builder;
    }
}
