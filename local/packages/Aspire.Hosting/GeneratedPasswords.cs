using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Passwords nobody chose. They are kept in the AppHost's user secrets: a data volume outlives the run that made its password.</summary>
internal static class GeneratedPasswords
{
    private const int Length = 22;
    private const string Characters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>A secret parameter that <c>Parameters:NAME</c> overrides.</summary>
    public static ParameterResource Parameter(IDistributedApplicationBuilder builder, string name) => new(
        name,
        () => ParameterResource.FromConfiguration(builder.Configuration, name, () => Keep(builder, $"Parameters:{name}", RandomNumberGenerator.GetString(Characters, Length))),
        secret: true);

    private static string Keep(IDistributedApplicationBuilder builder, string key, string made)
    {
        if (File(builder.AppHostAssembly) is not { } file)
            return made;

        var secrets = System.IO.File.Exists(file) ? JsonNode.Parse(System.IO.File.ReadAllText(file))!.AsObject() : [];
        if (secrets[key]?.GetValue<string>() is { } kept)
            return kept;

        secrets[key] = made;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        System.IO.File.WriteAllText(file, secrets.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        if (!OperatingSystem.IsWindows())
            System.IO.File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        return made;
    }

    /// <summary>Where .NET keeps user secrets; null for an AppHost without a UserSecretsId, or a user without a home.</summary>
    private static string? File(Assembly? assembly)
    {
        var id = assembly?.GetCustomAttributes().FirstOrDefault(attribute => attribute.GetType().Name == "UserSecretsIdAttribute");
        var name = id?.GetType().GetProperty("UserSecretsId")?.GetValue(id) as string;
        var home = OperatingSystem.IsWindows()
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "Microsoft", "UserSecrets")
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".microsoft", "usersecrets");
        return name is null || !Path.IsPathRooted(home) ? null : Path.Combine(home, name, "secrets.json");
    }
}
