using System.Diagnostics;
using Microsoft.EntityFrameworkCore;

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
            var (code, said) = await RunAsync(shop.DatabaseAddress.ConnectionString, "import", csv);
            Assert.Equal(3, code);
            Assert.Contains("line 3, Title: 600 characters are too many", said);
            await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/products/{id}"));

            (code, said) = await RunAsync("this is no connection string", "import", csv);
            Assert.Equal(1, code);
            Assert.Contains("import failed:", said);
            Assert.DoesNotContain("Unhandled", said);
            (code, said) = await RunAsync("Host=127.0.0.1;Port=1;Database=none;Username=x;Password=y;Timeout=2", "import", csv);
            Assert.Equal(1, code);
            Assert.DoesNotContain("Unhandled", said);
        }
        finally
        {
            File.Delete(csv);
        }
    }

    [Fact]
    public async Task A_command_that_is_misspelt_does_nothing_and_says_what_is_taken()
    {
        var id = Guid.NewGuid().ToString("N");
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var csv = Path.Combine(folder, "p.csv");
            await File.WriteAllTextAsync(csv, $"Handle,Title,Variant Price\n{id},Fine,10.00\n");
            await RefusedAsync("import takes no '--image', only --images", "import", csv, "--image", folder);
            await RefusedAsync("import takes no 'second.csv'", "import", csv, "second.csv");
            await RefusedAsync("--images needs a value", "import", csv, "--images");
            await RefusedAsync($"There is no folder '{folder}/none'", "import", csv, $"--images={folder}/none");
            await RefusedAsync("export needs a file", "export", "--images", folder);
            await RefusedAsync("There is no command 'imprt'", "imprt", csv);
            await using (var db = shop.Open()) Assert.False(await db.Products.AnyAsync(p => p.Slug == id));

            // What configuration is told on the command line goes before the environment.
            var (code, said) = await RunAsync("nowhere", "import", csv, "--images", folder, $"--ConnectionStrings:shop={shop.DatabaseAddress.ConnectionString}", "--Media:Folder", folder);
            Assert.True(code == 0, said);
            await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/products/{id}"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        async Task RefusedAsync(string why, params string[] args)
        {
            var (code, said) = await RunAsync(shop.DatabaseAddress.ConnectionString, args);
            Assert.True(code == 2, said);
            Assert.Contains(why, said);
        }
    }

    [Theory]
    [InlineData("remove-demo", "--help")]
    [InlineData("remove-demo", "import", "-h")]
    [InlineData("1.", "--version")]
    public async Task Help_and_the_version_need_no_database(string expected, params string[] args)
    {
        var (code, said) = await RunAsync("", args);
        Assert.True(code == 0, said);
        Assert.Contains(expected, said);
    }

    private static async Task<(int Code, string Said)> RunAsync(string database, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Api.dll"), .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["ConnectionStrings__shop"], start.Environment["Media__Folder"]) = (database, Path.GetTempPath());
        using var process = Process.Start(start)!;
        var (said, failed) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, $"{await said}\n{await failed}");
    }
}
