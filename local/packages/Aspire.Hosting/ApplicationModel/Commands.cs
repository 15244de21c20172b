using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Whether a command can be used.</summary>
public enum ResourceCommandState
{
    /// <summary>It can be used.</summary>
    Enabled = 0,

    /// <summary>Shown, but it cannot be used now.</summary>
    Disabled = 1,

    /// <summary>Not shown.</summary>
    Hidden = 2,
}

/// <summary>Outline or filled.</summary>
public enum IconVariant
{
    /// <summary>Outline.</summary>
    Regular = 0,

    /// <summary>Filled.</summary>
    Filled = 1,
}

/// <summary>What a command may look like and when it may be used.</summary>
public class CommandOptions
{
    /// <summary>Tooltip of the button.</summary>
    public string? Description { get; set; }

    /// <summary>Question asked before the command runs.</summary>
    public string? ConfirmationMessage { get; set; }

    /// <summary>Name of a Fluent UI icon.</summary>
    public string? IconName { get; set; }

    /// <summary>Outline or filled.</summary>
    public IconVariant? IconVariant { get; set; }

    /// <summary>A button of its own beside the menu.</summary>
    public bool IsHighlighted { get; set; }

    /// <summary>When the command may be used; always when null.</summary>
    public Func<UpdateCommandStateContext, ResourceCommandState>? UpdateState { get; set; }
}

/// <summary>What a command's state may depend on.</summary>
public sealed class UpdateCommandStateContext
{
    /// <summary>What is known of the resource now.</summary>
    public required CustomResourceSnapshot ResourceSnapshot { get; init; }

    /// <summary>The application's services.</summary>
    public required IServiceProvider ServiceProvider { get; init; }
}

/// <summary>What a running command is given.</summary>
public sealed class ExecuteCommandContext
{
    /// <summary>The application's services.</summary>
    public required IServiceProvider ServiceProvider { get; init; }

    /// <summary>The resource's unique name in this run.</summary>
    public required string ResourceName { get; init; }

    /// <summary>Ends the command.</summary>
    public required CancellationToken CancellationToken { get; init; }

    /// <summary>Writes to the resource's log.</summary>
    public required ILogger Logger { get; init; }
}

/// <summary>How a command ended.</summary>
public sealed class ExecuteCommandResult
{
    /// <summary>It did what it says.</summary>
    public required bool Success { get; init; }

    /// <summary>It was given up, which is no failure.</summary>
    public bool Canceled { get; init; }

    /// <summary>What the dashboard shows.</summary>
    public string? Message { get; init; }
}

/// <summary>Makes results of commands.</summary>
public static class CommandResults
{
    /// <summary>It did what it says.</summary>
    /// <returns>The result.</returns>
    public static ExecuteCommandResult Success() => new() { Success = true };

    /// <summary>It did what it says.</summary>
    /// <param name="message">What the dashboard shows.</param>
    /// <returns>The result.</returns>
    public static ExecuteCommandResult Success(string message) => new() { Success = true, Message = message };

    /// <summary>It did not.</summary>
    /// <param name="errorMessage">What the dashboard shows.</param>
    /// <returns>The result.</returns>
    public static ExecuteCommandResult Failure(string? errorMessage = null) => new() { Success = false, Message = errorMessage };

    /// <summary>It did not.</summary>
    /// <param name="exception">Why.</param>
    /// <returns>The result.</returns>
    public static ExecuteCommandResult Failure(Exception exception) => Failure(exception.Message);

    /// <summary>It was given up.</summary>
    /// <returns>The result.</returns>
    public static ExecuteCommandResult Canceled() => new() { Success = false, Canceled = true };
}

/// <summary>Names of the commands every process has.</summary>
public static class KnownResourceCommands
{
    /// <summary>Starts a resource that is not running.</summary>
    public static readonly string StartCommand = "start";

    /// <summary>Stops a running resource.</summary>
    public static readonly string StopCommand = "stop";

    /// <summary>Stops a resource and starts it again, on the same port.</summary>
    public static readonly string RestartCommand = "restart";
}

/// <summary>A button that sends a request to the resource.</summary>
public class HttpCommandOptions : CommandOptions
{
    /// <summary>POST when null.</summary>
    public HttpMethod? Method { get; set; }
}
