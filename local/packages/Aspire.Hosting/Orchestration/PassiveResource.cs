using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>A resource without a process: a parameter, a connection string, a database on a server.</summary>
internal sealed class PassiveResource(IResource resource, RunnerServices services)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await services.Dependencies.WaitAsync(resource, cancellationToken);
            if (resource is IResourceWithParent child)
                await services.Notifications.WaitForResourceAsync(child.Parent.Name, KnownResourceStates.Running, cancellationToken);

            var shown = await ValueAsync(cancellationToken);
            await services.Notifications.PublishUpdateAsync(resource, known => known with
            {
                State = new ResourceStateSnapshot(KnownResourceStates.Running, "success"),
                StartTimeStamp = DateTime.UtcNow,
                Properties = shown is null ? known.Properties : [shown],
                HealthReports = [.. resource.Annotations.OfType<HealthCheckAnnotation>().Select(check => new HealthReportSnapshot(check.Key, Status: null, Description: null, ExceptionText: null))],
            });
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested || services.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return;
        }
#pragma warning disable CA1031 // Whatever a model's callback throws is the resource's failure, not the application's.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            services.Console.LogError("'{Resource}' has no value: {Message}", resource.Name, exception.Message);
            await services.Notifications.PublishUpdateAsync(resource, known => known with { State = new ResourceStateSnapshot(KnownResourceStates.FailedToStart, "error") });
        }
    }

    private async ValueTask<ResourcePropertySnapshot?> ValueAsync(CancellationToken cancellationToken) => resource switch
    {
        ParameterResource parameter => new ResourcePropertySnapshot("Value", parameter.Resolved) { IsSensitive = parameter.Secret },
        IResourceWithConnectionString connection => new ResourcePropertySnapshot("resource.connectionString", await connection.GetConnectionStringAsync(cancellationToken)) { IsSensitive = true },
        _ => null,
    };
}
