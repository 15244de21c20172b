using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>Takes endpoints and variables from a project's <c>Properties/launchSettings.json</c>.</summary>
internal static class LaunchProfiles
{
    public static void Apply(IResourceBuilder<ProjectResource> project, IProjectMetadata metadata, ProjectResourceOptions options)
    {
        if (options.ExcludeLaunchProfile || Read(Path.GetDirectoryName(metadata.ProjectPath)!, options.LaunchProfileName) is not { } profile)
            return;

        foreach (var url in profile.Urls)
        {
            var address = new Uri(url.Replace("*", "localhost", StringComparison.Ordinal).Replace("+", "localhost", StringComparison.Ordinal));
            project.WithEndpoint(address.Scheme, endpoint =>
            {
                endpoint.UriScheme = address.Scheme;
                endpoint.Transport = "http";
                endpoint.Port ??= address.Port;
            });
        }

        project.WithEnvironment(context =>
        {
            foreach (var (name, value) in profile.Variables)
                context.EnvironmentVariables.TryAdd(name, value);
        });
    }

    /// <summary>The named profile, or the first one that runs the project.</summary>
    public static LaunchProfile? Read(string projectFolder, string? name)
    {
        var file = Path.Combine(projectFolder, "Properties", "launchSettings.json");
        if (!File.Exists(file))
            return null;

        using var document = JsonDocument.Parse(File.ReadAllText(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        if (!document.RootElement.TryGetProperty("profiles", out var profiles))
            return null;

        foreach (var profile in profiles.EnumerateObject())
        {
            var runsProject = profile.Value.TryGetProperty("commandName", out var command) && command.GetString() == "Project";
            if (name is null ? runsProject : profile.Name == name)
                return Profile(profile.Value);
        }

        return null;
    }

    private static LaunchProfile Profile(JsonElement profile) => new(
        profile.TryGetProperty("applicationUrl", out var urls) ? urls.GetString()!.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [],
        profile.TryGetProperty("environmentVariables", out var variables) ? variables.EnumerateObject().ToDictionary(variable => variable.Name, variable => variable.Value.GetString() ?? "") : []);
}

internal sealed record LaunchProfile(IReadOnlyList<string> Urls, IReadOnlyDictionary<string, string> Variables);
