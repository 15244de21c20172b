using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>Start, stop and restart: the buttons every process has.</summary>
internal static class LifecycleCommands
{
    public static void Add(IResource resource, Func<Task> start, Func<CancellationToken, Task> stop)
    {
        Insert(resource, KnownResourceCommands.StartCommand, "Start", "Play", CanStart, async _ => await start());
        Insert(resource, KnownResourceCommands.StopCommand, "Stop", "Stop", CanStop, stop);
        Insert(resource, KnownResourceCommands.RestartCommand, "Restart", "ArrowCounterclockwise", CanRestart, async cancellationToken =>
        {
            await stop(cancellationToken);
            await start();
        });
    }

    private static void Insert(IResource resource, string name, string displayName, string icon, Func<string?, ResourceCommandState> state, Func<CancellationToken, Task> execute) =>
        resource.Annotations.Add(new CommandAnnotation(
            name,
            displayName,
            async context =>
            {
                await execute(context.CancellationToken);
                return CommandResults.Success();
            },
            new CommandOptions
            {
                UpdateState = context => state(context.ResourceSnapshot.State?.Text),
                IconName = icon,
                IconVariant = name == KnownResourceCommands.RestartCommand ? IconVariant.Regular : IconVariant.Filled,
                IsHighlighted = name != KnownResourceCommands.RestartCommand,
            }));

    private static ResourceCommandState CanStart(string? state) =>
        state is null || state == KnownResourceStates.NotStarted || KnownResourceStates.TerminalStates.Contains(state) ? ResourceCommandState.Enabled
        : ResourceCommandState.Hidden;

    private static ResourceCommandState CanStop(string? state) =>
        state == KnownResourceStates.Stopping ? ResourceCommandState.Disabled
        : CanStart(state) == ResourceCommandState.Enabled ? ResourceCommandState.Hidden
        : ResourceCommandState.Enabled;

    private static ResourceCommandState CanRestart(string? state) =>
        state == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;
}
