using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>The variables every project resource gets.</summary>
internal static class ProjectEnvironment
{
    public static Task AddAsync(EnvironmentCallbackContext context)
    {
        var variables = context.EnvironmentVariables;
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EXCEPTION_LOG_ATTRIBUTES"] = "true";
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EVENT_LOG_ATTRIBUTES"] = "true";
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        variables["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
        variables["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true";
        AddUrls((ProjectResource)context.Resource, variables);
        return Task.CompletedTask;
    }

    private static void AddUrls(ProjectResource project, Dictionary<string, object> variables)
    {
        if (variables.ContainsKey("ASPNETCORE_URLS"))
            return;

        var endpoints = project.GetEndpoints().Where(endpoint => endpoint.Scheme is "http" or "https").ToList();
        if (endpoints.Count == 0)
            return;

        variables["ASPNETCORE_URLS"] = new JoinedValues(
            ";",
            [.. endpoints.Select(endpoint => ReferenceExpression.Create($"{endpoint.Scheme}://{endpoint.EndpointAnnotation.TargetHost}:{endpoint.Property(EndpointProperty.TargetPort)}"))]);
    }

    private sealed class JoinedValues(string separator, IReadOnlyList<ReferenceExpression> parts) : IExpressionValue
    {
        public string ValueExpression => string.Join(separator, parts.Select(part => part.ValueExpression));

        public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
        {
            var values = new List<string?>();
            foreach (var part in parts)
                values.Add(await part.GetValueAsync(cancellationToken));

            return string.Join(separator, values);
        }
    }
}
