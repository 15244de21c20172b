using System.Diagnostics;

namespace Tests.Api;

/// <summary>The command line, as a process.</summary>
public class CommandTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task A_command_ends_with_a_code_and_says_what_was_wrong()
    {
        var id = Guid.NewGuid().ToString("N");
        var csv = Path.Combine(Path.GetTempPath(), $"{id}.csv");
        try
        {
            await File.WriteAllTextAsync(csv, $"Handle,Title,Variant Price\n{id},Fine,10.00\n{id}-2,{new string('x', 600)},10.00\n");
            var (code, said) = await RunAsync("import", csv, shop.DatabaseAddress.ConnectionString);
            Assert.Equal(3, code);
            Assert.Contains("line 3, Title: 600 characters are too many", said);
            await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/products/{id}"));

            (code, said) = await RunAsync("import", csv, "this is no connection string");
            Assert.Equal(1, code);
            Assert.Contains("import failed:", said);
            Assert.DoesNotContain("Unhandled", said);
            (code, said) = await RunAsync("import", csv, "Host=127.0.0.1;Port=1;Database=none;Username=x;Password=y;Timeout=2");
            Assert.Equal(1, code);
            Assert.DoesNotContain("Unhandled", said);
        }
        finally
        {
            File.Delete(csv);
        }
    }

    private static async Task<(int Code, string Said)> RunAsync(string verb, string file, string database)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Api.dll"), verb, file]) { RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["ConnectionStrings__shop"], start.Environment["Media__Folder"]) = (database, Path.GetTempPath());
        using var process = Process.Start(start)!;
        var (said, failed) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, $"{await said}\n{await failed}");
    }
}
