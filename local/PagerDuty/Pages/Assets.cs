namespace Local.PagerDuty.Pages;

/// <summary>Style sheet and script, out of the assembly: they are there however the emulator is started.</summary>
internal static class Assets
{
    public const string Style = "/assets/bell.css";
    public const string Script = "/assets/bell.js";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Style, () => Results.Bytes(Read("bell.css"), "text/css; charset=utf-8"));
        app.MapGet(Script, () => Results.Bytes(Read("bell.js"), "text/javascript; charset=utf-8"));
    }

    private static byte[] Read(string name)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
