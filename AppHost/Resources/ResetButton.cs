using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace AppHost.Resources;

/// <summary>A button on the embedded database: what the shop remembers is deleted, and an empty shop filled anew. Pictures, mails and fetched packages stay.</summary>
internal static class ResetButton
{
    private static readonly string[] Ended =
        [KnownResourceStates.Exited, KnownResourceStates.Finished, KnownResourceStates.FailedToStart, KnownResourceStates.NotStarted];

    public static void AddResetButton(
        this IDistributedApplicationBuilder builder, LocalState state, DataService shop, DataService redis, IResource migrate, params IResource[] users)
    {
        if (shop.Server.Resource is not ProjectResource)
            return;

        shop.Server.WithCommand(
            "reset-data",
            "Reset the shop's data",
            context => ResetAsync(context, state, shop.Server.Resource, redis.Server.Resource, migrate, users),
            new CommandOptions
            {
                Description = "Deletes the database and Redis' data; the shop begins anew, as it was started: with the demo, or empty.",
                ConfirmationMessage = "Every order, basket and customer of this local shop will be deleted. Go on?",
                IconName = "ArrowReset",
            });
    }

    private static async Task<ExecuteCommandResult> ResetAsync(
        ExecuteCommandContext context, LocalState state, IResource postgres, IResource redis, IResource migrate, IResource[] users)
    {
        var commands = context.ServiceProvider.GetRequiredService<ResourceCommandService>();
        var notifications = context.ServiceProvider.GetRequiredService<ResourceNotificationService>();
        var cancellation = context.CancellationToken;
        var pressed = DateTime.UtcNow;

        foreach (var resource in (IResource[])[.. users, postgres, redis])
        {
            // One that has ended already has nothing to stop; what counts is that it is not running.
            await commands.ExecuteCommandAsync(resource, KnownResourceCommands.StopCommand, cancellation);
            await notifications.WaitForResourceAsync(resource.Name, Ended, cancellation);
        }

        var refused = await DeleteAsync(new Projects.Local_Postgres(), state.Folder("postgres"), cancellation)
            ?? await DeleteAsync(new Projects.Local_Redis(), state.Folder("redis"), cancellation);

        foreach (var resource in (IResource[])[postgres, redis, migrate])
            await commands.ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand, cancellation);
        await notifications.WaitForResourceAsync(
            migrate.Name,
            happened => happened.Snapshot.StartTimeStamp > pressed && Ended.Contains(happened.Snapshot.State?.Text),
            cancellation);
        foreach (var resource in users)
            await commands.ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand, cancellation);
        return refused is null ? CommandResults.Success() : CommandResults.Failure(refused);
    }

    /// <summary>The launcher's own verb: it knows what is data, and refuses while its server runs. Returns what it said when it refused.</summary>
    private static async Task<string?> DeleteAsync(IProjectMetadata launcher, string folder, CancellationToken cancellation)
    {
        using var reset = Process.Start(new ProcessStartInfo(
            "dotnet", ["run", "--no-build", "--project", launcher.ProjectPath, "--", "reset", "--data-folder", folder])
        {
            RedirectStandardError = true,
        })!;
        var said = await reset.StandardError.ReadToEndAsync(cancellation);
        await reset.WaitForExitAsync(cancellation);
        return reset.ExitCode == 0 ? null : said;
    }
}
