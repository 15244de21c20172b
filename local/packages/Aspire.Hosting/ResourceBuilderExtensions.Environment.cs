using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>What can be said of a resource in the model.</summary>
public static partial class ResourceBuilderExtensions
{
    /// <summary>Sets a variable.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="name">Name of the variable.</param>
    /// <param name="value">Its value.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment => builder.WithVariable(name, value ?? "");

    /// <summary>Sets a variable to an interpolated string of values known later.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="name">Name of the variable.</param>
    /// <param name="value">Its value.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, in ReferenceExpression.ExpressionInterpolatedStringHandler value)
        where T : IResourceWithEnvironment => builder.WithEnvironment(name, ReferenceExpression.Create(value));

    /// <summary>Sets a variable to an expression.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="name">Name of the variable.</param>
    /// <param name="value">Its value.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, ReferenceExpression value)
        where T : IResourceWithEnvironment => builder.WithVariable(name, value);

    /// <summary>Sets a variable to a value asked for at each start.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="name">Name of the variable.</param>
    /// <param name="callback">Gives the value.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, Func<string> callback)
        where T : IResourceWithEnvironment => builder.WithEnvironment(context => context.EnvironmentVariables[name] = callback());

    /// <summary>Sets a variable to the URL of an endpoint.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="name">Name of the variable.</param>
    /// <param name="endpointReference">The endpoint.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, EndpointReference endpointReference)
        where T : IResourceWithEnvironment => builder.WithVariable(name, endpointReference);

    /// <summary>Sets a variable to a parameter's value.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="name">Name of the variable.</param>
    /// <param name="parameter">The parameter.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter)
        where T : IResourceWithEnvironment => builder.WithVariable(name, parameter.Resource);

    /// <summary>Sets a variable to a connection string.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="envVarName">Name of the variable.</param>
    /// <param name="resource">The resource with the connection string.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string envVarName, IResourceBuilder<IResourceWithConnectionString> resource)
        where T : IResourceWithEnvironment => builder.WithVariable(envVarName, resource.Resource);

    /// <summary>Sets a variable to a value known later.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="name">Name of the variable.</param>
    /// <param name="value">Its value.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, IExpressionValue value)
        where T : IResourceWithEnvironment => builder.WithVariable(name, value);

    /// <summary>Adds variables at each start.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="callback">Adds them.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, Action<EnvironmentCallbackContext> callback)
        where T : IResourceWithEnvironment => builder.WithEnvironment(context =>
        {
            callback(context);
            return Task.CompletedTask;
        });

    /// <summary>Adds variables at each start.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="callback">Adds them.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, Func<EnvironmentCallbackContext, Task> callback)
        where T : IResourceWithEnvironment => builder.WithAnnotation(new EnvironmentCallbackAnnotation(callback));

    /// <summary>Adds command-line arguments.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="args">The arguments.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, params string[] args)
        where T : IResourceWithArgs => builder.WithArgs(context => Array.ForEach(args, context.Args.Add));

    /// <summary>Adds command-line arguments, some of them known later.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="args">The arguments.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, params object[] args)
        where T : IResourceWithArgs => builder.WithArgs(context => Array.ForEach(args, context.Args.Add));

    /// <summary>Adds command-line arguments at each start.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="callback">Adds them.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, Action<CommandLineArgsCallbackContext> callback)
        where T : IResourceWithArgs => builder.WithAnnotation(new CommandLineArgsCallbackAnnotation(context =>
        {
            callback(context);
            return Task.CompletedTask;
        }));

    /// <summary>Hands over another resource's connection string as <c>ConnectionStrings__NAME</c>.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="source">The resource with the connection string.</param>
    /// <param name="connectionName">Another NAME than the source's.</param>
    /// <param name="optional">An absent connection string is no error.</param>
    /// <typeparam name="TDestination">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        var variable = source.Resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{connectionName ?? source.Resource.Name}";
        builder.WithRelationship(source.Resource, "Reference");
        return builder.WithEnvironment(async context =>
        {
            var value = await source.Resource.GetConnectionStringAsync(context.CancellationToken);
            if (string.IsNullOrEmpty(value) && !optional)
                throw new DistributedApplicationException($"Resource '{source.Resource.Name}' has no connection string.");

            context.EnvironmentVariables[variable] = value ?? "";
        });
    }

    /// <summary>Hands over the addresses of all of another resource's endpoints, as <c>services__NAME__ENDPOINT__0</c> and <c>NAME_ENDPOINT</c>.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="source">The resource that listens.</param>
    /// <typeparam name="TDestination">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment
    {
        builder.WithRelationship(source.Resource, "Reference");
        return builder.WithEnvironment(context =>
        {
            foreach (var endpoint in source.Resource.GetEndpoints().Where(endpoint => !endpoint.EndpointAnnotation.ExcludeReferenceEndpoint))
                AddServiceVariables(context.EnvironmentVariables, endpoint);
        });
    }

    /// <summary>Hands over the address of one endpoint, as <c>services__NAME__ENDPOINT__0</c> and <c>NAME_ENDPOINT</c>.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="endpointReference">The endpoint.</param>
    /// <typeparam name="TDestination">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment
    {
        builder.WithRelationship(endpointReference.Resource, "Reference");
        return builder.WithEnvironment(context => AddServiceVariables(context.EnvironmentVariables, endpointReference));
    }

    private static void AddServiceVariables(Dictionary<string, object> variables, EndpointReference endpoint)
    {
        var service = endpoint.Resource.Name;
        var encoded = service.Replace('-', '_').ToUpper(CultureInfo.InvariantCulture);
        variables[$"services__{service}__{endpoint.EndpointName}__0"] = endpoint;
        variables[$"{encoded}_{endpoint.EndpointName.Replace('-', '_').ToUpper(CultureInfo.InvariantCulture)}"] = endpoint;
    }

    private static IResourceBuilder<T> WithVariable<T>(this IResourceBuilder<T> builder, string name, object value)
        where T : IResourceWithEnvironment
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        foreach (var referenced in ValueReferences.Resources(value).Where(referenced => !ReferenceEquals(referenced, builder.Resource)))
            builder.WithRelationship(referenced, "Reference");

        return builder.WithEnvironment(context => context.EnvironmentVariables[name] = value);
    }
}
