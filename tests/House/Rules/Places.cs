namespace Tests.Rules;

/// <summary>Rules about where files are: they look at the whole repository.</summary>
public static class Places
{
    // No suite of a project: they look at everything, or at what lies elsewhere.
    private static readonly string[] NoMirrors = ["Fixture", "House", "System", "Aspire"];

    /// <summary>Folders of tests/X are folders of X; those of tests/Emulators are folders of local/.</summary>
    public static IEnumerable<Breach> Unmirrored(IReadOnlyList<SourceFile> files)
    {
        var folders = files.Where(file => file.Path.Contains('/', StringComparison.Ordinal)).Select(file => file.Path[..file.Path.LastIndexOf('/')]).ToHashSet();
        foreach (var file in files.Where(file => file.Name.EndsWith("Tests.cs", StringComparison.Ordinal) && file.Path.StartsWith("tests/", StringComparison.Ordinal)))
        {
            var segments = file.Path.Split('/');
            // An experiment puts many concepts under fire at once: it mirrors none.
            if (segments.Length < 4 || NoMirrors.Contains(segments[1]) || segments[2] == "Experiments")
                continue;
            var tested = segments[1] == "Emulators" ? "local" : segments[1];
            var mirror = string.Join('/', [tested, .. segments[2..^1]]);
            if (!folders.Any(folder => folder == mirror || folder.StartsWith(mirror + "/", StringComparison.Ordinal)))
                yield return new Breach(file.Path, 1, $"there is no folder {mirror} that this tests");
        }
    }

    /// <summary>What is not in the solution is not built by anybody.</summary>
    public static IEnumerable<Breach> OutsideTheSolution(IReadOnlyList<SourceFile> files)
    {
        var solution = files.Single(file => file.Path == "Aspire.sln").Text.Replace('\\', '/');
        return files
            .Where(file => file.IsProject && !solution.Contains($"\"{file.Path}\"", StringComparison.Ordinal))
            // The registry's probe is restored by the build itself; samples are built by the tests they belong to.
            .Where(file => file.Path != "local/packages/probe/Probe.csproj" && !file.Path.Contains("/Sample/", StringComparison.Ordinal))
            .Select(file => new Breach(file.Path, 1, "not in Aspire.sln"));
    }

    /// <summary>lib/api.ts is the storefront's only caller of Api.</summary>
    public static IEnumerable<Breach> OtherCallersOfApi(IReadOnlyList<SourceFile> files) =>
        files
            .Where(file => file.Path.StartsWith("Frontend/", StringComparison.Ordinal) && file.Extension is ".ts" or ".tsx" && file.Path != "Frontend/lib/api.ts" && !file.Path.StartsWith("Frontend/tests/", StringComparison.Ordinal))
            .SelectMany(file => file.Lines.Where(line => line.Text.Contains("services__api", StringComparison.Ordinal)).Select(line => new Breach(file.Path, line.Number, "only lib/api.ts calls Api")));
}
