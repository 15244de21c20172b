using Aspire.Hosting.ApplicationModel;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Dashboard;

/// <summary>Says what is known of a resource in the dashboard's words.</summary>
internal static class ToWire
{
    public static Wire.Resource Resource(ResourceEvent change)
    {
        var snapshot = change.Snapshot;
        var resource = new Wire.Resource
        {
            Name = change.ResourceId,
            Uid = change.ResourceId,
            DisplayName = change.Resource.Name,
            ResourceType = snapshot.ResourceType,
            IsHidden = snapshot.IsHidden,
            CreatedAt = Time(snapshot.CreationTimeStamp),
            StartedAt = Time(snapshot.StartTimeStamp),
            StoppedAt = Time(snapshot.StopTimeStamp),
        };
        if (snapshot.State is { } state)
        {
            resource.State = state.Text;
            if (state.Style is { } style)
                resource.StateStyle = style;
        }

        if (snapshot.IconName is { } icon)
        {
            resource.IconName = icon;
            resource.IconVariant = Variant(snapshot.IconVariant);
        }

        resource.Environment.AddRange(snapshot.EnvironmentVariables.Select(Variable));
        resource.Properties.AddRange(snapshot.Properties.Select(Property));
        if (snapshot.ExitCode is { } exitCode)
            resource.Properties.Add(new Wire.ResourceProperty { Name = "resource.exitCode", Value = Value.ForNumber(exitCode) });

        resource.Urls.AddRange(snapshot.Urls.Select(Url));
        resource.HealthReports.AddRange(snapshot.HealthReports.Select(Report));
        resource.Relationships.AddRange(snapshot.Relationships.Select(relationship => new Wire.ResourceRelationship { ResourceName = relationship.ResourceName, Type = relationship.Type }));
        resource.Commands.AddRange(snapshot.Commands.Select(Command));
        return resource;
    }

    private static Timestamp? Time(DateTime? time) => time is { } known ? Timestamp.FromDateTime(known.ToUniversalTime()) : null;

    private static Wire.Variant Variant(IconVariant? variant) => variant == IconVariant.Regular ? Wire.Variant.Regular : Wire.Variant.Filled;

    private static Wire.EnvironmentVariable Variable(EnvironmentVariableSnapshot variable) =>
        new() { Name = variable.Name, Value = variable.Value ?? "", IsFromSpec = variable.IsFromSpec };

    private static Wire.ResourceProperty Property(ResourcePropertySnapshot property) => new()
    {
        Name = property.Name,
        IsSensitive = property.IsSensitive,
        Value = property.Value switch
        {
            null => Value.ForNull(),
            string text => Value.ForString(text),
            IEnumerable<string> many => Value.ForList([.. many.Select(Value.ForString)]),
            int number => Value.ForNumber(number),
            bool flag => Value.ForBool(flag),
            var other => Value.ForString(other.ToString() ?? ""),
        },
    };

    private static Wire.Url Url(UrlSnapshot url)
    {
        var wire = new Wire.Url
        {
            FullUrl = url.Url,
            IsInternal = url.IsInternal,
            IsInactive = url.IsInactive,
            DisplayProperties = new Wire.UrlDisplay { DisplayName = url.DisplayProperties.DisplayName, SortOrder = url.DisplayProperties.SortOrder },
        };
        if (url.Name is { } name)
            wire.EndpointName = name;

        return wire;
    }

    private static Wire.HealthReport Report(HealthReportSnapshot report)
    {
        var wire = new Wire.HealthReport
        {
            Key = report.Name,
            Description = report.Description ?? "",
            Exception = report.ExceptionText ?? "",
            LastRunAt = Time(report.LastRunAt),
        };
        if (report.Status is { } status)
            wire.Status = status switch
            {
                HealthStatus.Healthy => Wire.Health.Healthy,
                HealthStatus.Degraded => Wire.Health.Degraded,
                _ => Wire.Health.Unhealthy,
            };

        return wire;
    }

    private static Wire.ResourceCommand Command(ResourceCommandSnapshot command)
    {
        var wire = new Wire.ResourceCommand
        {
            Name = command.Name,
            DisplayName = command.DisplayName,
            IsHighlighted = command.IsHighlighted,
            State = command.State switch
            {
                ResourceCommandState.Enabled => Wire.CommandState.Enabled,
                ResourceCommandState.Disabled => Wire.CommandState.Disabled,
                _ => Wire.CommandState.Hidden,
            },
        };
        if (command.ConfirmationMessage is { } question)
            wire.ConfirmationMessage = question;

        if (command.DisplayDescription is { } description)
            wire.DisplayDescription = description;

        if (command.IconName is { } icon)
        {
            wire.IconName = icon;
            wire.IconVariant = Variant(command.IconVariant);
        }

        return wire;
    }
}
