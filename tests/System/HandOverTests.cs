using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Tests.System;

/// <summary>What the AppHost tells its services, read off its model: nothing is started.</summary>
public sealed class HandOverTests : IDisposable
{
    private readonly string _state = PublicTemporaryFolder.Create("oddgrain-model-");

    [Theory]
    [InlineData("--Stripe:Capture=Manual", "Manual")]
    [InlineData(null, null)]
    public async Task When_money_is_taken_is_said_to_those_who_take_it_and_to_nobody_else(string? argument, string? told)
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>([$"--Local:StateFolder={_state}", .. argument is null ? (string[])[] : [argument]]);
        foreach (var resource in builder.Resources.OfType<ProjectResource>())
        {
            var variables = await VariablesAsync(builder, resource);
            Assert.Equal(resource.Name is "api" or "worker" ? told : null, variables.GetValueOrDefault("Stripe__Capture"));
        }
        Assert.Contains(builder.Resources, resource => resource.Name == "api");
        Assert.Contains(builder.Resources, resource => resource.Name == "worker");
    }

    public void Dispose() => Directory.Delete(_state, recursive: true);

    /// <summary>All but what waits for the address of something that runs.</summary>
    private static async Task<Dictionary<string, object>> VariablesAsync(IDistributedApplicationTestingBuilder builder, ProjectResource resource)
    {
        using var end = new CancellationTokenSource();
        var context = new EnvironmentCallbackContext(builder.ExecutionContext, resource, cancellationToken: end.Token);
        List<Task> said = [.. resource.Annotations.OfType<EnvironmentCallbackAnnotation>().Select(annotation => annotation.Callback(context))];
        await Task.WhenAll(said.Where(variable => variable.IsCompleted));
        var variables = new Dictionary<string, object>(context.EnvironmentVariables);
        await end.CancelAsync();
        return variables;
    }
}
