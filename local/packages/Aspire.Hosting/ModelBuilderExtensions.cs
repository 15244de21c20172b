using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting;

/// <summary>Adds programs.</summary>
public static class ExecutableResourceBuilderExtensions
{
    /// <summary>Adds a program.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Unique name.</param>
    /// <param name="command">Path of the program, or a name looked up in PATH.</param>
    /// <param name="workingDirectory">Folder it starts in; relative to the AppHost's folder.</param>
    /// <param name="args">Its arguments.</param>
    /// <returns>A builder for it.</returns>
    public static IResourceBuilder<ExecutableResource> AddExecutable(this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[]? args)
    {
        ArgumentException.ThrowIfNullOrEmpty(command);
        var folder = Path.GetFullPath(Path.Combine(builder.AppHostDirectory, workingDirectory));
        return builder.AddResource(new ExecutableResource(name, command, folder)).WithArgs(args ?? []);
    }
}

/// <summary>Adds projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project of this repository.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Unique name.</param>
    /// <typeparam name="TProject">The generated class in <c>Projects</c>.</typeparam>
    /// <returns>A builder for it.</returns>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new() => builder.AddProject<TProject>(name, _ => { });

    /// <summary>Adds a project of this repository.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Unique name.</param>
    /// <param name="configure">How it is added.</param>
    /// <typeparam name="TProject">The generated class in <c>Projects</c>.</typeparam>
    /// <returns>A builder for it.</returns>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name, Action<ProjectResourceOptions> configure)
        where TProject : IProjectMetadata, new()
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new ProjectResourceOptions();
        configure(options);
        var metadata = new TProject();
        var project = builder.AddResource(new ProjectResource(name)).WithAnnotation<IProjectMetadata>(metadata);
        LaunchProfiles.Apply(project, metadata, options);
        return project.WithEnvironment(ProjectEnvironment.AddAsync).WithOtlpExporter();
    }
}

/// <summary>Adds connection strings.</summary>
public static class ConnectionStringBuilderExtensions
{
    /// <summary>Adds a connection string made of other resources' values.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Unique name; also the connection's name.</param>
    /// <param name="connectionStringExpression">The connection string.</param>
    /// <returns>A builder for it.</returns>
    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(this IDistributedApplicationBuilder builder, string name, ReferenceExpression connectionStringExpression)
    {
        ArgumentNullException.ThrowIfNull(connectionStringExpression);
        var connection = builder.AddResource(new ConnectionStringResource(name, connectionStringExpression));
        foreach (var part in ValueReferences.Resources(connectionStringExpression).Distinct())
        {
            connection.WithRelationship(part, "Reference");
            if (part is IResourceWithWaitSupport)
                connection.WaitForStart(builder.CreateResourceBuilder(part));
        }

        return connection;
    }
}

/// <summary>Adds parameters.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a parameter set in the AppHost's configuration as <c>Parameters:NAME</c>.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Unique name.</param>
    /// <param name="secret">Masked wherever it is shown.</param>
    /// <returns>A builder for it.</returns>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddParameter(name, () => ParameterResource.FromConfiguration(builder.Configuration, name, fallback: null), secret);

    /// <summary>Adds a parameter with a value, which <c>Parameters:NAME</c> overrides.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Unique name.</param>
    /// <param name="value">The value.</param>
    /// <param name="publishValueAsDefault">Meant for publishing; without effect here.</param>
    /// <param name="secret">Masked wherever it is shown.</param>
    /// <returns>A builder for it.</returns>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        builder.AddParameter(name, () => value, publishValueAsDefault, secret);

    /// <summary>Adds a parameter with a value made on demand, which <c>Parameters:NAME</c> overrides.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Unique name.</param>
    /// <param name="valueGetter">Makes the value, once.</param>
    /// <param name="publishValueAsDefault">Meant for publishing; without effect here.</param>
    /// <param name="secret">Masked wherever it is shown.</param>
    /// <returns>A builder for it.</returns>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, Func<string> valueGetter, bool publishValueAsDefault = false, bool secret = false) =>
        builder.AddParameter(name, () => ParameterResource.FromConfiguration(builder.Configuration, name, valueGetter), secret);

    private static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, Func<string> value, bool secret) =>
        builder.AddResource(new ParameterResource(name, value, secret));
}

internal static class AppHostAssemblies
{
    public static string? Metadata(Assembly? assembly, string key) =>
        assembly?.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(attribute => attribute.Key == key)?.Value;
}
