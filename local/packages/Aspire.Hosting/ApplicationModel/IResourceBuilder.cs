namespace Aspire.Hosting.ApplicationModel;

/// <summary>Configures one resource.</summary>
/// <typeparam name="T">Its type.</typeparam>
public interface IResourceBuilder<out T>
    where T : IResource
{
    /// <summary>The resource.</summary>
    T Resource { get; }

    /// <summary>The builder of the whole application.</summary>
    IDistributedApplicationBuilder ApplicationBuilder { get; }

    /// <summary>Attaches an annotation.</summary>
    /// <param name="annotation">The annotation.</param>
    /// <param name="behavior">Joins others of its type or replaces them.</param>
    /// <typeparam name="TAnnotation">Its type.</typeparam>
    /// <returns>The same builder.</returns>
    IResourceBuilder<T> WithAnnotation<TAnnotation>(TAnnotation annotation, ResourceAnnotationMutationBehavior behavior = ResourceAnnotationMutationBehavior.Append)
        where TAnnotation : IResourceAnnotation;
}

internal sealed class ResourceBuilder<T>(IDistributedApplicationBuilder applicationBuilder, T resource) : IResourceBuilder<T>
    where T : IResource
{
    public T Resource { get; } = resource;

    public IDistributedApplicationBuilder ApplicationBuilder { get; } = applicationBuilder;

    public IResourceBuilder<T> WithAnnotation<TAnnotation>(TAnnotation annotation, ResourceAnnotationMutationBehavior behavior = ResourceAnnotationMutationBehavior.Append)
        where TAnnotation : IResourceAnnotation
    {
        if (behavior == ResourceAnnotationMutationBehavior.Replace)
        {
            foreach (var existing in Resource.Annotations.OfType<TAnnotation>().ToList())
                Resource.Annotations.Remove(existing);
        }

        Resource.Annotations.Add(annotation);
        return this;
    }
}
