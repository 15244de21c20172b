using System.Reflection;
using Commerce;
using Commerce.Accounts;
using Commerce.Audit;
using Commerce.Catalog;
using Commerce.Catalog.Import;
using ServiceDefaults;

namespace Api.Commands;

/// <summary>
/// The command line beside the server: <c>migrate [--catalog file.csv --images folder]</c> brings the database to this version and fills an
/// empty shop, and makes the first admin when <c>Admin:Email</c> and <c>Admin:Password</c> are configured; <c>import file.csv [--images folder]</c>
/// and <c>export</c> take a product CSV into a shop and out of it, running or not; <c>remove-demo</c> takes the demo out of it. Everything else serves.
/// What changes the shop is audited as the operating system's user, with <c>--reason</c>. Exit codes: 0 done, 1 failed, 2 wrong use, 3 (import only) some rows were refused.
/// </summary>
public static class ShopCommand
{
    private const string Usage = """
        serve                                            serve the API (the default)
        migrate [--catalog <csv> [--images <folder>]]    create or update the database; import the catalogue into an empty shop
        import <csv> [--images <folder>]                 import a product CSV in Shopify's format
        export <csv> [--images <folder>]                 write the catalogue as such a CSV, and its pictures into a folder
        remove-demo                                      archive the demo's products, so that a real shop can begin
        --reason <text>                                  why, with migrate, import and remove-demo: the audit trail has it beside cli:<your user name>
        --help, --version                                say this, or which build it is
        """;

    private const int WrongUse = 2;

    /// <summary>Any command takes them beside its own, and whatever is said to the configuration: <c>--Media:Folder</c>.</summary>
    private static readonly string[] HostOptions = ["--environment", "--contentRoot"];

    /// <summary>The exit code, or null when the arguments ask for the server.</summary>
    public static async Task<int?> TryRunAsync(string[] args)
    {
        if (args is ["help", ..] || args.Any(a => a is "--help" or "-h")) return Say(Usage);
        if (args is ["--version", ..]) return Say(typeof(ShopCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);
        if (args is [] or ["serve", ..] || args[0].StartsWith('-')) return null;
        if (FindMisuse(args) is { } misuse) return await RefuseAsync($"{misuse}\n{Usage}");
        try
        {
            return await HostAsync(args);
        }
        catch (Exception error) when (ShopDb.IsUnreachable(error))
        {
            await Console.Error.WriteLineAsync($"{args[0]} failed: the database cannot be reached ({error.GetBaseException().Message}). Is the stack running, and is ConnectionStrings__shop as the dashboard shows it for api?");
            return 1;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // The door to the outside: whoever runs a command is told what failed, and scripts get an exit code.
            await Console.Error.WriteLineAsync($"{args[0]} failed: {error.Message}{(error.GetBaseException() is var cause && cause != error ? $" ({cause.Message})" : "")}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"{args[0]} was stopped; run it again to go on.");
            return 1;
        }
    }

    /// <summary>Why nothing can be done; null when something can.</summary>
    private static string? FindMisuse(string[] args)
    {
        var command = args[0];
        string[]? options = command switch { "migrate" => ["--catalog", "--images", "--reason"], "import" => ["--images", "--reason"], "export" => ["--images"], "remove-demo" => ["--reason"], _ => null };
        if (options is null) return $"There is no command '{command}'.";
        if (TakesFile(command) && (args.Length < 2 || args[1].StartsWith('-'))) return $"{command} needs a file.";
        for (var at = FirstOption(command); at < args.Length; at++)
        {
            var name = args[at].Split('=')[0];
            var hasValue = name != args[at];
            var isConfiguration = name.Contains(':') && (hasValue || name.StartsWith("--", StringComparison.Ordinal));
            if (!isConfiguration && !options.Concat(HostOptions).Contains(name, StringComparer.OrdinalIgnoreCase))
                return $"{command} takes no '{name}', only {string.Join(", ", [.. options, "settings such as --Media:Folder"])}.";
            if (!hasValue && ++at == args.Length) return $"{name} needs a value.";
        }
        return null;
    }

    private static bool TakesFile(string command) => command is "import" or "export";

    private static int FirstOption(string command) => TakesFile(command) ? 2 : 1;

    private static int Say(string text)
    {
        Console.WriteLine(text);
        return 0;
    }

    private static async Task<int> RefuseAsync(string reason)
    {
        await Console.Error.WriteLineAsync(reason);
        return WrongUse;
    }

    private static async Task<int> HostAsync(string[] args)
    {
        var builder = Host.CreateApplicationBuilder(args[FirstOption(args[0])..]);
        var images = builder.Configuration["images"];
        if (args[0] is "import" or "migrate" && images is not null && !Directory.Exists(images)) return await RefuseAsync($"There is no folder '{images}' to take pictures from.");
        if (args[0] is "export" && Directory.Exists(args[1])) return await RefuseAsync($"'{args[1]}' is a folder; export needs a file.");
        if (args[0] is "export" && Path.GetDirectoryName(Path.GetFullPath(args[1])) is { } place && !Directory.Exists(place)) return await RefuseAsync($"There is no folder '{place}' to write a file into.");
        // From the arguments alone: an environment variable of that name was meant for somebody else.
        var reason = new ConfigurationBuilder().AddCommandLine(args[FirstOption(args[0])..]).Build()["reason"]?.Trim() is { Length: > 0 } given ? given : null;
        if (reason is not null && !AuditEntry.IsReason(reason)) return await RefuseAsync($"--reason takes at most {AuditEntry.MaxReasonLength} characters and no control characters.");
        builder.AddServiceDefaults();
        builder.AddNpgsqlDbContext<ShopDb>("shop");
        builder.Services.AddCommerce(builder.Configuration).AddAccounts();
        // EF logs as an error that a new database has no history table yet; what really fails throws, and is told in one line.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Critical).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        using var host = builder.Build();
        await host.StartAsync(); // telemetry, and Ctrl+C
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            using var activity = Telemetry.Source.StartActivity(args[0]);
            await using var scope = host.Services.CreateAsyncScope();
            var csv = TakesFile(args[0]) ? args[1] : builder.Configuration["catalog"];
            return await RunAsync(scope.ServiceProvider, args[0], csv, images, reason, stopping);
        }
        finally
        {
            await host.StopAsync();
        }
    }

    private static async Task<int> RunAsync(IServiceProvider services, string command, string? csv, string? images, string? reason, CancellationToken stopping)
    {
        var db = services.GetRequiredService<ShopDb>();
        var import = services.GetRequiredService<CatalogImport>();
        var folder = images ?? (csv is null ? "" : Path.GetDirectoryName(Path.GetFullPath(csv))!);
        var who = Actor.CommandLine(Environment.UserName);
        var progress = new ProgressLine(command == "export" ? "Exporting" : "Importing");
        if (command == "import")
        {
            // Before anything lands: an import that is cut off is somebody's too.
            var origin = ImportOrigin.Command(who, reason, csv!);
            db.Audit(who, "catalogue.import-started", origin.Subject, reason, new { FileName = Path.GetFileName(csv) });
            await db.SaveChangesAsync(stopping);
            return Tell(await import.RunAsync(csv!, folder, origin, progress, stopping));
        }
        if (command == "export")
        {
            var export = services.GetRequiredService<CatalogExport>();
            var products = await ReplaceAsync(csv!, file => export.WriteAsync(file, withStock: true, images, progress, stopping));
            Console.WriteLine($"{products} products written to {csv}.");
            return 0;
        }
        if (command == "remove-demo")
        {
            var removed = await db.RemoveDemoAsync(who, reason, DateTimeOffset.UtcNow, stopping);
            Console.WriteLine(removed == 0 ? "There is no demo in this shop." : $"{removed} products of the demo were archived.");
            return 0;
        }

        Console.WriteLine("Bringing the database to this version ...");
        await ShopSetup.MigrateAsync(db, stopping);
        Console.WriteLine("The database is up to date.");
        await SeedAdminAsync(services, who, reason);
        if (csv is null) return 0;
        if (await ShopSetup.FillAsync(db, import, csv, folder, ImportOrigin.Command(who, reason, csv), progress, stopping) is { } report) Tell(report);
        else Console.WriteLine("The shop has a catalogue already; nothing was imported.");
        return 0; // a refused row of the catalogue must not keep the whole shop from starting
    }

    /// <summary>The file stays what it was, mostly an earlier export, until the new one is whole: it is written beside it. What cannot be replaced, such as <c>/dev/stdout</c>, is written to.</summary>
    private static async Task<int> ReplaceAsync(string path, Func<Stream, Task<int>> write)
    {
        var named = new FileInfo(path);
        // A link is followed, to a file that is there or not.
        var target = named.LinkTarget is null ? named.FullName : named.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        // A pipe, a device: there, and of no length wherever its links end. An empty file has nothing to lose either.
        var stays = File.Exists(path) && !(File.Exists(target) && new FileInfo(target).Length > 0);
        var growing = stays ? path : $"{target}.{Guid.NewGuid():N}.part";
        try
        {
            int written;
            await using (var file = File.Create(growing)) written = await write(file);
            if (!stays) File.Move(growing, target, overwrite: true);
            return written;
        }
        finally
        {
            if (!stays) File.Delete(growing);
        }
    }

    /// <summary>The password is read from the environment, never from the arguments, and is not written anywhere.</summary>
    private static async Task SeedAdminAsync(IServiceProvider services, Actor who, string? reason)
    {
        var admin = services.GetRequiredService<IConfiguration>().GetSection("Admin");
        if (admin["Email"] is not { Length: > 0 } email || admin["Password"] is not { Length: > 0 } password) return;
        if (await services.GetRequiredService<StaffDesk>().SeedAdminAsync(who, reason, email, password)) Console.WriteLine($"{email} may sign in as admin.");
    }

    private static int Tell(ImportReport report)
    {
        Console.WriteLine($"{report.Created} products created, {report.Updated} updated, {report.Unchanged} unchanged, {report.Variants} variants and {report.Images} pictures taken over ({report.Encoding}).");
        foreach (var problem in report.Problems)
            Console.Error.WriteLine($"line {problem.Line}{(problem.Column == "" ? "" : $", {problem.Column}")}: {problem.Reason}");
        if (report.ProblemCount > report.Problems.Count) Console.Error.WriteLine($"... and {report.ProblemCount - report.Problems.Count} more, of {report.ProblemCount} altogether.");
        return report.ProblemCount == 0 ? 0 : 3;
    }
}
