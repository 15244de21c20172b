namespace Local.Stripe.Pages;

/// <summary>Style sheet and script, out of the assembly: they are there however the emulator is started.</summary>
internal static class Assets
{
    public const string Style = "/_emulator/assets/till.css";
    public const string Script = "/_emulator/assets/till.js";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Style, () => Results.Bytes(Read("till.css"), "text/css; charset=utf-8"));
        app.MapGet(Script, () => Results.Bytes(Read("till.js"), "text/javascript; charset=utf-8"));
    }

    private static byte[] Read(string name)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
