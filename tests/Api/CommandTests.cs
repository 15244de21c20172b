using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Commerce.Catalog.Import;
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
            Assert.Matches(@"^import failed: the database cannot be reached \(.+\)\. Is the stack running, and is ConnectionStrings__shop as the dashboard shows it for api\?$", said.Trim());
        }
        finally
        {
            File.Delete(csv);
        }
    }

    [Fact]
    public async Task What_a_command_changes_is_audited_with_who_and_why()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        var file = $"{Guid.NewGuid():N}.csv";
        var (good, bad) = (Path.Combine(folder, file), Path.Combine(folder, $"bad-{file}"));
        try
        {
            await File.WriteAllTextAsync(good, $"Handle,Title,Variant Price\n{file[..8]},Fine,10.00\n");
            await File.WriteAllTextAsync(bad, "nothing of ours\n");
            await using (var db = shop.Open())
                await db.Database.ExecuteSqlAsync($$"""INSERT INTO settings (key, value) VALUES ('demo', '{"Products": [], "Collections": [], "Attributes": []}')""");

            await DoneAsync(0, "import", good, "--reason", " Preise für größere Drucke ");
            await DoneAsync(1, "import", bad, "--reason=cut off");
            await DoneAsync(0, "import", good);
            await DoneAsync(0, "remove-demo", "--reason", "The real shop opens");
            await DoneAsync(0, "migrate", "--reason", "The first admin", "--Admin:Email=first@shop.test", "--Admin:Password=grain of the first print");
            await DoneAsync(2, "import", good, "--reason", new string('x', 501));
            await DoneAsync(2, "import", good, "--reason", "two\nlines");
            await DoneAsync(2, "export", Path.Combine(folder, "out.csv"), "--reason", "reading needs none");

            string?[] imports = ["catalogue.imported", "catalogue.import-started"];
            Assert.Equal([.. imports, .. imports], (await AuditOfAsync($"import:{file}")).Select(line => line.GetProperty("action").GetString()));
            Assert.Equal([null, null, "Preise für größere Drucke", "Preise für größere Drucke"], (await AuditOfAsync($"import:{file}")).Select(line => line.GetProperty("reason").GetString()));
            Assert.Equal("cut off", Assert.Single(await AuditOfAsync($"import:bad-{file}")).GetProperty("reason").GetString());
            Assert.Equal("The real shop opens", Assert.Single(await AuditOfAsync("shop")).GetProperty("reason").GetString());
            await using var after = shop.Open();
            var account = await after.Accounts.SingleAsync(a => a.Email == "first@shop.test");
            Assert.Equal("The first admin", Assert.Single(await AuditOfAsync($"account:{account.Id}")).GetProperty("reason").GetString());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        async Task DoneAsync(int expected, params string[] args)
        {
            var (code, said) = await RunAsync(shop.DatabaseAddress.ConnectionString, args);
            Assert.True(code == expected, said);
        }

        async Task<List<JsonElement>> AuditOfAsync(string subject)
        {
            var lines = (await ShopApi.OkAsync(shop.Admin.GetAsync($"/api/v1/admin/audit?subject={subject}"))).GetProperty("items").EnumerateArray().ToList();
            Assert.All(lines, line => Assert.Equal(("system", $"cli:{Environment.UserName}"), (line.GetProperty("actor").GetProperty("kind").GetString(), line.GetProperty("actor").GetProperty("name").GetString())));
            return lines;
        }
    }

    [Fact]
    public async Task An_import_lists_its_first_problems_and_says_how_many_there_are()
    {
        var csv = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.csv");
        try
        {
            // Two of each: a price that is none, and a variant without one.
            var rows = Enumerable.Range(0, (ImportReport.MaxListed / 2) + 3).Select(_ => $"{Guid.NewGuid():N},Fine,dear\n");
            await File.WriteAllTextAsync(csv, $"Handle,Title,Variant Price\n{string.Concat(rows)}");
            var (code, said) = await RunAsync(shop.DatabaseAddress.ConnectionString, "import", csv);
            Assert.Equal(3, code);
            Assert.Equal(ImportReport.MaxListed, said.Split('\n').Count(line => line.StartsWith("line ", StringComparison.Ordinal)));
            Assert.Contains("... and 6 more, of 1006 altogether.", said);
        }
        finally
        {
            File.Delete(csv);
        }
        var document = await ShopApi.OkAsync(shop.Client.GetAsync("/api/openapi/v1.json"));
        var view = document.GetProperty("components").GetProperty("schemas").GetProperty("ImportView").GetProperty("description").GetString();
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"the first {ImportReport.MaxListed:N0} of them"), view);
    }

    [Fact]
    public async Task An_export_that_fails_leaves_the_file_of_before_and_one_that_is_done_replaces_it()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        var csv = Path.Combine(folder, "shop.csv");
        try
        {
            await File.WriteAllTextAsync(csv, "yesterday's");
            var (code, _) = await RunAsync("Host=127.0.0.1;Port=1;Database=none;Username=x;Password=y;Timeout=2", "export", csv);
            Assert.Equal(1, code);
            Assert.Equal("yesterday's", await File.ReadAllTextAsync(csv));
            Assert.Equal([csv], Directory.GetFileSystemEntries(folder));

            var link = Path.Combine(folder, "link.csv");
            File.CreateSymbolicLink(link, csv);
            var (done, said) = await RunAsync(shop.DatabaseAddress.ConnectionString, "export", link);
            Assert.True(done == 0, said);
            Assert.StartsWith("Handle,Title,", await File.ReadAllTextAsync(csv));
            Assert.Equal(csv, File.ResolveLinkTarget(link, returnFinalTarget: true)!.FullName);
            Assert.Equal(2, Directory.GetFileSystemEntries(folder).Length);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task An_export_makes_the_file_where_there_is_none_and_where_a_link_leads()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var (plain, link, linked) = (Path.Combine(folder, "shop.csv"), Path.Combine(folder, "link.csv"), Path.Combine(folder, "linked.csv"));
            File.CreateSymbolicLink(link, linked);
            foreach (var csv in new[] { plain, link })
            {
                var (code, said) = await RunAsync(shop.DatabaseAddress.ConnectionString, "export", csv);
                Assert.True(code == 0, said);
            }
            Assert.Equal([link, linked, plain], Directory.GetFileSystemEntries(folder).Order());
            Assert.StartsWith("Handle,Title,", await File.ReadAllTextAsync(plain));
            Assert.Equal(await File.ReadAllTextAsync(plain), await File.ReadAllTextAsync(linked));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task An_export_can_be_piped_on()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no /dev/stdout.");
        var (code, said) = await RunAsync(shop.DatabaseAddress.ConnectionString, "export", "/dev/stdout");
        Assert.True(code == 0, said);
        Assert.Contains("Handle,Title,", said);
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
            await RefusedAsync($"There is no folder '{folder}/none' to write", "export", $"{folder}/none/p.csv");
            await RefusedAsync($"'{folder}' is a folder", "export", folder);
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
    [InlineData("--reason <text>", "--help")]
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
        (start.Environment["ConnectionStrings__shop"], start.Environment["Media__Folder"], start.Environment["REASON"]) = (database, Path.GetTempPath(), "of another program");
        using var process = Process.Start(start)!;
        var (said, failed) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, $"{await said}\n{await failed}");
    }
}
