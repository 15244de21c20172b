using System.Xml;
using System.Xml.Linq;

namespace Tests.Rules;

/// <summary>Who may import whom: the table "Rich heart, thin edges" of the house, and one place for versions.</summary>
public static class ProjectReferences
{
    private static readonly Dictionary<string, string[]> MayImport = new()
    {
        ["Commerce"] = [],
        ["Deploy.Aws"] = [],
        ["ServiceDefaults"] = [],
        ["Api"] = ["Commerce", "ServiceDefaults"],
        ["Worker"] = ["Commerce", "ServiceDefaults"],
        ["Frontend.Proxy"] = ["ServiceDefaults"],
        ["AppHost"] = ["Api", "Worker", "Frontend.Proxy", "Deploy.Aws", "local/"],
        ["bench"] = ["Commerce", "Api", "Worker", "ServiceDefaults", "local/"],
    };

    public static IEnumerable<Breach> Breaches(SourceFile file)
    {
        if (!file.IsProject || file.Path.StartsWith("local/packages/", StringComparison.Ordinal))
            yield break;

        var folder = file.Path[..file.Path.LastIndexOf('/')];
        foreach (var (line, kind, target) in References(file, folder).Where(reference => !IsAllowed(folder, reference.Kind, reference.Target)))
            yield return new Breach(file.Path, line, $"{folder} may not import {target} ({kind}); the table is in docs/decisions/0001 and the house rules");
    }

    public static IEnumerable<Breach> Versions(SourceFile file)
    {
        if (file.Extension is not (".csproj" or ".props" or ".targets") || file.Path == "Directory.Packages.props" || file.Path.StartsWith("local/packages/probe/", StringComparison.Ordinal))
            yield break;

        foreach (var element in XDocument.Parse(file.Text, LoadOptions.SetLineInfo).Descendants().Where(element => element.Name.LocalName is "PackageReference" or "PackageVersion"))
        {
            if (element.Name.LocalName == "PackageVersion" || element.Attribute("Version") is not null || element.Attribute("VersionOverride") is not null || element.Elements().Any(child => child.Name.LocalName == "Version"))
                yield return new Breach(file.Path, LineOf(element), "versions stand in Directory.Packages.props and nowhere else");
        }
    }

    private static bool IsAllowed(string folder, string kind, string target)
    {
        var allowed = MayImport.GetValueOrDefault(folder);
        if (folder.StartsWith("local/", StringComparison.Ordinal))
            return kind == "Compile" && target.StartsWith("local/", StringComparison.Ordinal);
        if (folder.StartsWith("tests/", StringComparison.Ordinal))
        {
            // The emulators take the place of test doubles, so a test may start them; tests/System knows the AppHost alone.
            var tested = folder["tests/".Length..];
            return target == tested || target == "tests/Fixture" || target.StartsWith(folder + "/", StringComparison.Ordinal)
                || target.StartsWith("local/", StringComparison.Ordinal)
                || (tested, target) is ("System", "AppHost") or ("Fixture", "Commerce")
                || (tested.StartsWith("Aspire", StringComparison.Ordinal) && target.StartsWith("tests/Aspire/", StringComparison.Ordinal));
        }

        return allowed is not null && allowed.Any(name => name.EndsWith('/') ? target.StartsWith(name, StringComparison.Ordinal) : target == name);
    }

    // ../Commerce/Commerce.csproj and ../Npm/NpmPackage.cs, as folders of the repository; files of the project itself are no reference.
    private static IEnumerable<(int Line, string Kind, string Target)> References(SourceFile file, string folder)
    {
        foreach (var element in XDocument.Parse(file.Text, LoadOptions.SetLineInfo).Descendants().Where(element => element.Name.LocalName is "ProjectReference" or "Compile"))
        {
            var include = element.Attribute("Include")?.Value.Replace('\\', '/');
            if (include is null || include.Contains("$(", StringComparison.Ordinal) || !include.Contains('/', StringComparison.Ordinal))
                continue;
            var path = Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", folder, include))).Replace('\\', '/');
            var target = path[..path.LastIndexOf('/')];
            if (target != folder && !(element.Name.LocalName == "Compile" && target.StartsWith(folder + "/", StringComparison.Ordinal)))
                yield return (LineOf(element), element.Name.LocalName, target);
        }
    }

    private static int LineOf(XElement element) => ((IXmlLineInfo)element).LineNumber;
}
