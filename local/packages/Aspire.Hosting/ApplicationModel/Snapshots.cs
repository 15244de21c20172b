using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What is known of a resource at one moment.</summary>
public sealed record CustomResourceSnapshot
{
    /// <summary>Executable, Project, Container, Parameter, ConnectionString.</summary>
    public required string ResourceType { get; init; }

    /// <summary>Facts shown on the resource's details.</summary>
    public required ImmutableArray<ResourcePropertySnapshot> Properties { get; init; }

    /// <summary>One of <see cref="KnownResourceStates"/>, or a state of the resource's own.</summary>
    public ResourceStateSnapshot? State { get; init; }

    /// <summary>UTC.</summary>
    public DateTime? CreationTimeStamp { get; init; }

    /// <summary>UTC.</summary>
    public DateTime? StartTimeStamp { get; init; }

    /// <summary>UTC.</summary>
    public DateTime? StopTimeStamp { get; init; }

    /// <summary>Set once the process has ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Where the resource can be reached.</summary>
    public ImmutableArray<UrlSnapshot> Urls { get; init; } = [];

    /// <summary>The variables it was started with.</summary>
    public ImmutableArray<EnvironmentVariableSnapshot> EnvironmentVariables { get; init; } = [];

    /// <summary>Resources it belongs to or refers to.</summary>
    public ImmutableArray<RelationshipSnapshot> Relationships { get; init; } = [];

    /// <summary>What can be done with it.</summary>
    public ImmutableArray<ResourceCommandSnapshot> Commands { get; init; } = [];

    /// <summary>Kept off the dashboard.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Name of a Fluent UI icon.</summary>
    public string? IconName { get; init; }

    /// <summary>Outline or filled.</summary>
    public IconVariant? IconVariant { get; init; }

    /// <summary>The latest result of each health check.</summary>
    public ImmutableArray<HealthReportSnapshot> HealthReports { get; internal init; } = [];

    /// <summary>The worst of the health reports; null while the resource is not running.</summary>
    public HealthStatus? HealthStatus => State?.Text != KnownResourceStates.Running
        ? null
        : HealthReports.Select(report => report.Status ?? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy)
            .DefaultIfEmpty(Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy)
            .Min();
}

/// <summary>A state and how it is coloured.</summary>
/// <param name="Text">The state.</param>
/// <param name="Style">success, info, warning or error.</param>
public sealed record ResourceStateSnapshot(string Text, string? Style)
{
    /// <summary>A state without a colour of its own.</summary>
    /// <param name="s">The state.</param>
    public static implicit operator ResourceStateSnapshot?(string? s) => s is null ? null : new ResourceStateSnapshot(s, null);
}

/// <summary>A fact shown on the resource's details.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">A string, a number or a list of strings.</param>
public sealed record ResourcePropertySnapshot(string Name, object? Value)
{
    /// <summary>Masked until asked for.</summary>
    public bool IsSensitive { get; init; }
}

/// <summary>A variable the resource was started with.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsFromSpec">Set by the model, not inherited.</param>
public sealed record EnvironmentVariableSnapshot(string Name, string? Value, bool IsFromSpec);

/// <summary>Where the resource can be reached.</summary>
/// <param name="Name">Name of the endpoint, null for a link of its own.</param>
/// <param name="Url">The URL.</param>
/// <param name="IsInternal">Shown in the details only.</param>
public sealed record UrlSnapshot(string? Name, string Url, bool IsInternal)
{
    /// <summary>Known, but nothing listens there now.</summary>
    public bool IsInactive { get; init; }

    /// <summary>How it is shown.</summary>
    public UrlDisplayPropertiesSnapshot DisplayProperties { get; init; } = new();
}

/// <summary>How a URL is shown.</summary>
/// <param name="DisplayName">Text in place of the URL.</param>
/// <param name="SortOrder">Greater comes first.</param>
public sealed record UrlDisplayPropertiesSnapshot(string DisplayName = "", int SortOrder = 0);

/// <summary>A resource this one belongs or refers to.</summary>
/// <param name="ResourceName">Its name.</param>
/// <param name="Type">Parent, Reference or WaitFor.</param>
public sealed record RelationshipSnapshot(string ResourceName, string Type);

/// <summary>The latest result of a health check.</summary>
/// <param name="Name">Name of the check.</param>
/// <param name="Status">Null before the first run.</param>
/// <param name="Description">Why.</param>
/// <param name="ExceptionText">What was thrown.</param>
public sealed record HealthReportSnapshot(string Name, HealthStatus? Status, string? Description, string? ExceptionText)
{
    /// <summary>UTC.</summary>
    public DateTime? LastRunAt { get; init; }
}

/// <summary>A command as the dashboard shows it now.</summary>
/// <param name="Name">Unique within the resource.</param>
/// <param name="State">Whether it can be used.</param>
/// <param name="DisplayName">Text of the button.</param>
/// <param name="DisplayDescription">Its tooltip.</param>
/// <param name="Parameter">Not used by the dashboard any more.</param>
/// <param name="ConfirmationMessage">Question asked first.</param>
/// <param name="IconName">Name of a Fluent UI icon.</param>
/// <param name="IconVariant">Outline or filled.</param>
/// <param name="IsHighlighted">A button of its own beside the menu.</param>
public sealed record ResourceCommandSnapshot(
    string Name,
    ResourceCommandState State,
    string DisplayName,
    string? DisplayDescription,
    object? Parameter,
    string? ConfirmationMessage,
    string? IconName,
    IconVariant? IconVariant,
    bool IsHighlighted);

/// <summary>The states the orchestrator gives.</summary>
public static class KnownResourceStates
{
    /// <summary>Not asked to start yet.</summary>
    public static readonly string NotStarted = "NotStarted";

    /// <summary>Waits for another resource.</summary>
    public static readonly string Waiting = "Waiting";

    /// <summary>Being started.</summary>
    public static readonly string Starting = "Starting";

    /// <summary>The process runs.</summary>
    public static readonly string Running = "Running";

    /// <summary>Being stopped.</summary>
    public static readonly string Stopping = "Stopping";

    /// <summary>The process ended, or was ended.</summary>
    public static readonly string Exited = "Exited";

    /// <summary>The process ran to its end.</summary>
    public static readonly string Finished = "Finished";

    /// <summary>There never was a process; the log says why.</summary>
    public static readonly string FailedToStart = "FailedToStart";

    /// <summary>States from which only a new start leads away.</summary>
    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];
}
