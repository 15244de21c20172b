using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Presses buttons.</summary>
public class ResourceCommandService
{
    private readonly ResourceNotificationService _notifications;
    private readonly ResourceLoggerService _logs;
    private readonly IServiceProvider _services;

    internal ResourceCommandService(ResourceNotificationService notifications, ResourceLoggerService logs, IServiceProvider services)
    {
        _notifications = notifications;
        _logs = logs;
        _services = services;
    }

    /// <summary>Runs a command of a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="commandName">The command.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    /// <returns>How it ended; what it throws becomes a failure.</returns>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default) =>
        ExecuteCommandAsync(ResourceIds.Of(resource), commandName, cancellationToken);

    /// <summary>Runs a command of a resource.</summary>
    /// <param name="resourceId">The resource's unique name in this run, or its name.</param>
    /// <param name="commandName">The command.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    /// <returns>How it ended; what it throws becomes a failure.</returns>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        if (!_notifications.TryGetCurrentState(resourceId, out var state)
            || state.Resource.Annotations.OfType<CommandAnnotation>().FirstOrDefault(command => command.Name == commandName) is not { } command)
            return CommandResults.Failure($"'{resourceId}' has no command '{commandName}'.");

        var logger = _logs.GetLogger(state.ResourceId);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        try
        {
            return await command.Execute(new ExecuteCommandContext
            {
                ServiceProvider = _services,
                ResourceName = state.ResourceId,
                CancellationToken = limit.Token,
                Logger = logger,
            });
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return CommandResults.Canceled();
        }
#pragma warning disable CA1031 // Whatever a model's command throws is shown to the person who pressed its button.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            logger.LogError(exception, "Command '{Command}' failed", commandName);
            return CommandResults.Failure(exception);
        }
    }
}

internal sealed record CommandAnnotation(
    string Name,
    string DisplayName,
    Func<ExecuteCommandContext, Task<ExecuteCommandResult>> Execute,
    CommandOptions Options) : IResourceAnnotation;

internal static class ResourceCommands
{
    /// <summary>Works out the state of every command after a change of the resource.</summary>
    public static CustomResourceSnapshot Refresh(IResource resource, CustomResourceSnapshot snapshot)
    {
        var context = new UpdateCommandStateContext { ResourceSnapshot = snapshot, ServiceProvider = EmptyServices };
        return snapshot with
        {
            Commands =
            [
                .. resource.Annotations.OfType<CommandAnnotation>().Select(command => new ResourceCommandSnapshot(
                    command.Name,
                    command.Options.UpdateState?.Invoke(context) ?? ResourceCommandState.Enabled,
                    command.DisplayName,
                    command.Options.Description,
                    Parameter: null,
                    command.Options.ConfirmationMessage,
                    command.Options.IconName,
                    command.Options.IconVariant,
                    command.Options.IsHighlighted)),
            ],
        };
    }

    private static readonly IServiceProvider EmptyServices = new ServiceCollection().BuildServiceProvider();
}
