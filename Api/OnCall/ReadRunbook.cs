using System.Reflection;

namespace Api.OnCall;

/// <summary><c>GET /api/runbooks/{file}</c>: where incidents lead. The runbooks of this version, as Markdown; no part of the shop's API.</summary>
public static class ReadRunbook
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/runbooks/{file}", Handle).ExcludeFromDescription();

    private static IResult Handle(string file)
    {
        var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Runbooks/{file}");
        return stream is null ? Results.NotFound() : Results.Stream(stream, "text/markdown; charset=utf-8");
    }
}
