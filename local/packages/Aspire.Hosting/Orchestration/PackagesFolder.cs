using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Orchestration;

/// <summary>Where npm packages are kept between runs, and shared by everything that needs one.</summary>
internal static class PackagesFolder
{
    private const string Setting = "Local:PackagesFolder";
    private const string ForRoot = "/var/lib/oddgrain/packages";

    /// <summary>The configured folder; else one outside root's closed home, or one in the clone.</summary>
    public static string Of(IConfiguration configuration)
    {
        if (configuration[Setting] is { Length: > 0 } configured)
            return Path.GetFullPath(configured);

        return !OperatingSystem.IsWindows() && Environment.UserName == "root"
            ? ForRoot
            : Path.Combine(CloneOf(configuration["AppHost:Directory"] ?? Environment.CurrentDirectory), ".local", "packages");
    }

    private static string CloneOf(string folder)
    {
        for (var candidate = new DirectoryInfo(folder); candidate is not null; candidate = candidate.Parent)
        {
            if (File.Exists(Path.Combine(candidate.FullName, "Aspire.sln")))
                return candidate.FullName;
        }

        return folder;
    }
}
