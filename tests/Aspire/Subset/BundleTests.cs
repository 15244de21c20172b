using System.Diagnostics;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Orchestration;
using Local.Npm;
using Microsoft.Extensions.Configuration;

namespace Tests.Subset;

public class BundleTests
{
    [Fact]
    public async Task Aspire_is_unpacked_on_a_machine_where_its_CLI_never_ran_and_without_a_terminal()
    {
        var packages = PackagesFolder.Of(new ConfigurationBuilder().AddEnvironmentVariables().Build());
        var package = await NpmPackage.InstallAsync($"@microsoft/aspire-cli-{AspireBundle.Platform()}", AspireBundle.Version, packages, null, CancellationToken.None);
        var folder = Directory.CreateTempSubdirectory("aspire-bundle-");
        try
        {
            var start = AspireBundle.Setup(Path.Combine(package, "bin", "aspire"), Path.Combine(folder.FullName, "unpacked"), folder.CreateSubdirectory("home").FullName);
            // What a build server sets makes the CLI careful; people have no such variables.
            foreach (var name in (string[])["CI", "GITHUB_ACTIONS", "TF_BUILD", "GITLAB_CI"])
                start.Environment.Remove(name);
            start.Environment["TERM"] = "dumb";
            using var process = Process.Start(start)!;
            var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();

            Assert.True(process.ExitCode == 0, $"Exit code {process.ExitCode}: {string.Concat(said)}");
            Assert.True(File.Exists(Directory.GetFiles(Path.Combine(folder.FullName, "unpacked"), "dcp", SearchOption.AllDirectories).First()));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
