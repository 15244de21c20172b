using System.Diagnostics;
using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dcp;

/// <summary>Asks the orchestrator for a container engine, when the model needs one.</summary>
internal static class ContainerEngine
{
    /// <summary>Makes sure containers can be started.</summary>
    /// <exception cref="DistributedApplicationException">They cannot; names the resources, the reason and the setting that does without.</exception>
    public static async Task RequireAsync(string program, IReadOnlyCollection<ContainerResource> containers, CancellationToken cancellationToken)
    {
        if (containers.Count == 0)
            return;

        var start = new ProcessStartInfo(program, ["info"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new DistributedApplicationException($"{program} did not start.");
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var answer = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Check(process.ExitCode == 0 ? answer : await errors, containers);
    }

    /// <summary>Reads the answer: <c>{"containers":{"runtime":"docker","installed":true,"running":false,"error":"…"}}</c>.</summary>
    internal static void Check(string answer, IReadOnlyCollection<ContainerResource> containers)
    {
        var engine = answer.StartsWith('{') ? JsonNode.Parse(answer)?["containers"] : null;
        if (engine?["running"]?.GetValue<bool>() is true)
            return;

        var reason = engine?["error"]?.GetValue<string>().ReplaceLineEndings(" ") ?? answer;
        throw new DistributedApplicationException(
            $"{string.Join(" and ", containers.Select(container => $"'{container.Name}'"))} run in containers, and no container engine answers ({engine?["runtime"]?.GetValue<string>()}: {reason}). "
            + "Start one, or do without: Local:DataServices=embedded.");
    }
}
