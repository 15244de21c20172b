using System.Collections.Immutable;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What is known of a resource before anything happened to it.</summary>
internal static class InitialSnapshot
{
    public static CustomResourceSnapshot Of(IResource resource)
    {
        var icon = resource.Annotations.OfType<ResourceIconAnnotation>().LastOrDefault();
        return new CustomResourceSnapshot
        {
            ResourceType = TypeOf(resource),
            CreationTimeStamp = DateTime.UtcNow,
            Properties = [],
            State = KnownResourceStates.NotStarted,
            Relationships = Relationships(resource),
            IsHidden = resource.Annotations.OfType<HiddenAnnotation>().Any(),
            IconName = icon?.IconName,
            IconVariant = icon?.IconVariant,
        };
    }

    private static string TypeOf(IResource resource) => resource switch
    {
        ProjectResource => "Project",
        ContainerResource => "Container",
        ExecutableResource => "Executable",
        ParameterResource => "Parameter",
        ConnectionStringResource => "ConnectionString",
        _ => resource.GetType().Name.EndsWith("Resource", StringComparison.Ordinal) ? resource.GetType().Name[..^"Resource".Length] : resource.GetType().Name,
    };

    private static ImmutableArray<RelationshipSnapshot> Relationships(IResource resource)
    {
        var relationships = resource.Annotations.OfType<ResourceRelationshipAnnotation>()
            .Select(annotation => new RelationshipSnapshot(annotation.Resource.Name, annotation.Type));
        if (resource is IResourceWithParent child)
            relationships = relationships.Prepend(new RelationshipSnapshot(child.Parent.Name, "Parent"));

        return [.. relationships.Distinct()];
    }
}
