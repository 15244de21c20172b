namespace Bench.Yardsticks;

/// <summary>
/// Kestrel with nothing in front and nothing behind: answers the bytes of the files in a folder, by name. It also takes and throws away
/// whatever is posted to it, as a collector of telemetry that costs as little as one can. Runs as a process: <c>Bench serve [folder]</c>.
/// </summary>
internal static class BareServer
{
    public static async Task RunAsync(string? folder)
    {
        var files = folder is null ? [] : Directory.EnumerateFiles(folder, "*.json").ToDictionary(file => "/" + Path.GetFileName(file), File.ReadAllBytes);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(Environment.GetEnvironmentVariable("ASPNETCORE_URLS")!);
        await using var app = builder.Build();
        app.Run(async context =>
        {
            if (HttpMethods.IsPost(context.Request.Method))
            {
                await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            }
            else if (files.TryGetValue(context.Request.Path.Value!, out var bytes))
            {
                context.Response.ContentType = "application/json; charset=utf-8";
                context.Response.ContentLength = bytes.Length;
                await context.Response.BodyWriter.WriteAsync(bytes);
            }
        });
        await app.RunAsync();
    }
}
