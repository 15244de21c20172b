using System.Net;
using System.Net.Sockets;
using System.Text;
using Local.Mail.Mailbox;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Local.Mail.Smtp;

/// <summary>Listens on the loopback address and gives each client a session.</summary>
public sealed class SmtpListener(IOptions<MailOptions> options, MessageStore store, SmtpFaults faults, TimeProvider time, ILogger<SmtpListener> log) : BackgroundService
{
    private TcpListener? _listener;
    private int _connections;

    /// <summary>The port it listens on; 0 until it does.</summary>
    public int Port { get; private set; }

    /// <exception cref="InvalidOperationException">The port is taken.</exception>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _listener = new TcpListener(IPAddress.Loopback, options.Value.SmtpPort);
        try
        {
            _listener.Start();
        }
        catch (SocketException e)
        {
            throw new InvalidOperationException($"The SMTP server cannot listen on 127.0.0.1:{options.Value.SmtpPort}: {e.Message}. Stop what uses the port, or set Mail:SmtpPort.", e);
        }
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        log.LogInformation("SMTP on 127.0.0.1:{Port}", Port);
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _listener?.Stop();
        Port = 0;
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var client = await _listener!.AcceptTcpClientAsync(stopping);
                _ = ServeAsync(client, stopping);
            }
            catch (Exception e) when (stopping.IsCancellationRequested && e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken stopping)
    {
        using (client)
        {
            try
            {
                client.NoDelay = true;
                if (Interlocked.Increment(ref _connections) > options.Value.MaxConnections)
                    await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("421 4.7.0 Too many connections, try again later\r\n"), stopping);
                else
                    await new SmtpSession(client.GetStream(), options.Value, store, faults, time, log).RunAsync(stopping);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                log.LogDebug("A client went away: {Reason}", e.Message);
            }
            catch (Exception e)
            {
                log.LogError(e, "A session failed");
            }
            finally
            {
                Interlocked.Decrement(ref _connections);
            }
        }
    }
}

/// <summary>Healthy while the SMTP port is open.</summary>
public sealed class SmtpHealth(SmtpListener listener) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(listener.Port > 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("SMTP is not listening."));
}
