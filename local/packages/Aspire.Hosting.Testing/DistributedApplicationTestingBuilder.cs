namespace Aspire.Hosting.Testing;

/// <summary>Runs an AppHost under a test's control: random ports, no dashboard.</summary>
public static class DistributedApplicationTestingBuilder
{
    /// <summary>Runs the AppHost up to the point where its model is complete.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <typeparam name="TEntryPoint">Any class of the AppHost, as <c>Projects.AppHost</c>.</typeparam>
    /// <returns>The AppHost's builder.</returns>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync<TEntryPoint>([], cancellationToken);

    /// <summary>Runs the AppHost up to the point where its model is complete.</summary>
    /// <param name="args">Arguments of the AppHost: <c>--Name=value</c> becomes a setting.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <typeparam name="TEntryPoint">Any class of the AppHost, as <c>Projects.AppHost</c>.</typeparam>
    /// <returns>The AppHost's builder.</returns>
    /// <remarks>What the AppHost throws before its model is complete is thrown here.</remarks>
    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class
    {
        var run = new AppHostRun(typeof(TEntryPoint).Assembly, args);
        return await run.StartAsync(cancellationToken);
    }
}
