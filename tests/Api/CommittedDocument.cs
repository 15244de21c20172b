using System.Text.Json.Nodes;
using Tests.Fixture;

namespace Tests.Api;

/// <summary>The Api's document as it is committed; <see cref="DocumentTests"/> holds that it is the served one.</summary>
internal static class CommittedDocument
{
    public static string Path { get; } = System.IO.Path.Combine(TestFolders.Repository, "Api", "openapi.v1.json");

    /// <summary>For one class of tests: nodes are not made for several threads.</summary>
    public static JsonNode Read() => JsonNode.Parse(File.ReadAllText(Path))!;

    /// <summary>Method in capitals, path with its parameters in braces, and what is said of both.</summary>
    public static List<(string Method, string Path, JsonNode Operation)> OperationsOf(JsonNode document) =>
        [.. document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(o => (o.Key.ToUpperInvariant(), path.Key, o.Value!)))];
}
