using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Wire;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Dashboard;

/// <summary>What the dashboard asks the AppHost.</summary>
/// <param name="application">The AppHost's own services; the web server around this class has others.</param>
internal sealed class ResourceService(ApplicationServices application) : DashboardService.DashboardServiceBase
{
    private readonly ResourceNotificationService _notifications = application.Services.GetRequiredService<ResourceNotificationService>();
    private readonly ResourceLoggerService _logs = application.Services.GetRequiredService<ResourceLoggerService>();
    private readonly ResourceCommandService _commands = application.Services.GetRequiredService<ResourceCommandService>();
    private readonly CancellationToken _stopping = application.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

    public override Task<ApplicationInformationResponse> GetApplicationInformation(ApplicationInformationRequest request, ServerCallContext context) =>
        Task.FromResult(new ApplicationInformationResponse { ApplicationName = application.Name });

    public override async Task WatchResources(WatchResourcesRequest request, IServerStreamWriter<WatchResourcesUpdate> responseStream, ServerCallContext context)
    {
        await UntilClosedAsync(context, async cancellationToken =>
        {
            var initial = new InitialResourceData();
            initial.Resources.AddRange(_notifications.All().Select(ToWire.Resource));
            await responseStream.WriteAsync(new WatchResourcesUpdate { InitialData = initial }, cancellationToken);
            await foreach (var change in _notifications.WatchAsync(cancellationToken))
            {
                var changes = new WatchResourcesChanges();
                changes.Value.Add(new WatchResourcesChange { Upsert = ToWire.Resource(change) });
                await responseStream.WriteAsync(new WatchResourcesUpdate { Changes = changes }, cancellationToken);
            }
        });
    }

    public override async Task WatchResourceConsoleLogs(
        WatchResourceConsoleLogsRequest request,
        IServerStreamWriter<WatchResourceConsoleLogsUpdate> responseStream,
        ServerCallContext context)
    {
        await UntilClosedAsync(context, async cancellationToken =>
        {
            var batches = request.SuppressFollow ? _logs.GetAllAsync(request.ResourceName) : _logs.WatchAsync(request.ResourceName);
            await foreach (var batch in batches.WithCancellation(cancellationToken))
            {
                var update = new WatchResourceConsoleLogsUpdate();
                update.LogLines.AddRange(batch.Select(line => new ConsoleLogLine { Text = line.Content, IsStdErr = line.IsErrorMessage, LineNumber = line.LineNumber }));
                await responseStream.WriteAsync(update, cancellationToken);
            }
        });
    }

    public override async Task<ResourceCommandResponse> ExecuteResourceCommand(ResourceCommandRequest request, ServerCallContext context)
    {
        // The command outlives the browser that asked for it: only the application's end cancels it.
        var result = await _commands.ExecuteCommandAsync(request.ResourceName, request.CommandName, CancellationToken.None);
        var response = new ResourceCommandResponse
        {
            Kind = result.Success ? CommandOutcome.Succeeded : result.Canceled ? CommandOutcome.Cancelled : CommandOutcome.Failed,
        };
        if (result.Message is { } message)
            response.Message = message;

        return response;
    }

    public override Task WatchInteractions(
        IAsyncStreamReader<WatchInteractionsRequestUpdate> requestStream,
        IServerStreamWriter<WatchInteractionsResponseUpdate> responseStream,
        ServerCallContext context) =>
        UntilClosedAsync(context, cancellationToken => Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken));

    private async Task UntilClosedAsync(ServerCallContext context, Func<CancellationToken, Task> stream)
    {
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, _stopping);
        try
        {
            await stream(closed.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && closed.IsCancellationRequested)
        {
            // The dashboard closed the page, or the application stops.
        }
    }
}

/// <summary>The AppHost's own services, as seen from the resource service's web server.</summary>
/// <param name="Services">The services.</param>
/// <param name="Name">Title of the dashboard.</param>
internal sealed record ApplicationServices(IServiceProvider Services, string Name);
