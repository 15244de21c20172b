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

    private static async Task<Dictionary<string, object>> VariablesAsync(IDistributedApplicationTestingBuilder builder, ProjectResource resource)
    {
        var context = new EnvironmentCallbackContext(builder.ExecutionContext, resource);
        foreach (var callback in resource.Annotations.OfType<EnvironmentCallbackAnnotation>()) await callback.Callback(context);
        return context.EnvironmentVariables;
    }
}
