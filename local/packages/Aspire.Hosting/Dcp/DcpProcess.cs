using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace Aspire.Hosting.Dcp;

/// <summary>The running orchestrator: a process of its own that watches this one and stops everything when it is gone.</summary>
internal sealed partial class DcpProcess : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan CertificateLifetime = TimeSpan.FromDays(365);

    // What the AppHost was started with is not meant for the resources.
    private static readonly string[] NotInherited =
    [
        "ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "DOTNET_LAUNCH_PROFILE",
    ];

    private const string NotInheritedPrefix = "ASPIRE_";

    private readonly X509Certificate2 _certificate;

    private DcpProcess(string folder, X509Certificate2 certificate, DcpClient client)
    {
        SessionFolder = folder;
        _certificate = certificate;
        Client = client;
    }

    /// <summary>Holds the logs and keys of this run; deleted at the end.</summary>
    public string SessionFolder { get; }

    public DcpClient Client { get; }

    /// <summary>Starts the orchestrator and waits until it can be reached.</summary>
    /// <param name="program">Path of <c>dcp</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<DcpProcess> StartAsync(string program, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("aspire-").FullName;
        var certificate = CreateCertificate(folder);
        var kubeconfig = Path.Combine(folder, "kubeconfig");
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments =
        [
            "start-apiserver", "--monitor", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), "--detach", "--kubeconfig", kubeconfig,
            "--tls-cert-file", Path.Combine(folder, "tls.crt"), "--tls-key-file", Path.Combine(folder, "tls.key"),
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        foreach (var name in start.Environment.Keys.Where(name => NotInherited.Contains(name) || name.StartsWith(NotInheritedPrefix, StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);

        start.Environment["DCP_SESSION_FOLDER"] = folder;

        using var process = Process.Start(start) ?? throw new DistributedApplicationException($"{program} did not start.");
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        while (true)
        {
            if (await ConnectAsync(kubeconfig, certificate, limit.Token) is { } client)
                return new DcpProcess(folder, certificate, client);

            if (process.HasExited && process.ExitCode != 0)
                throw new DistributedApplicationException($"{program} ended with exit code {process.ExitCode}: {await errors.WaitAsync(limit.Token)}");

            try
            {
                await Task.Delay(PollPause, limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new DistributedApplicationException($"{program} could not be reached within {StartLimit.TotalSeconds:0} s.");
            }
        }
    }

    public void Dispose()
    {
        Client.Dispose();
        _certificate.Dispose();
        try
        {
            Directory.Delete(SessionFolder, recursive: true);
        }
        catch (IOException)
        {
            // The orchestrator deletes the folder too, at the same time.
        }
    }

    private static async Task<DcpClient?> ConnectAsync(string kubeconfig, X509Certificate2 certificate, CancellationToken cancellationToken)
    {
        if (!File.Exists(kubeconfig))
            return null;

        var text = await File.ReadAllTextAsync(kubeconfig, cancellationToken);
        var server = ServerLine().Match(text);
        var token = TokenLine().Match(text);
        if (!server.Success || !token.Success)
            return null;

        var client = new DcpClient(new Uri(server.Groups[1].Value + "/"), token.Groups[1].Value, certificate);
        try
        {
            await client.FindAsync<ServiceSpec, ServiceStatus>(DcpKinds.Service, "none", cancellationToken);
            return client;
        }
        catch (HttpRequestException)
        {
            client.Dispose();
            return null;
        }
    }

    /// <summary>With a certificate given, the orchestrator answers in a second; making its own takes it up to ten.</summary>
    private static X509Certificate2 CreateCertificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        names.AddIpAddress(System.Net.IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = DateTimeOffset.UtcNow;
        var certificate = request.CreateSelfSigned(now.AddHours(-1), now.Add(CertificateLifetime));
        File.WriteAllText(Path.Combine(folder, "tls.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "tls.key"), key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }

    // "    server: https://127.0.0.1:42031"
    [GeneratedRegex(@"^\s*server:\s*(\S+)\s*$", RegexOptions.Multiline)]
    private static partial Regex ServerLine();

    // "    token: bdvdbujhmwlqbmxc"
    [GeneratedRegex(@"^\s*token:\s*(\S+)\s*$", RegexOptions.Multiline)]
    private static partial Regex TokenLine();
}
