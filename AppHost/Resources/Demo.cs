namespace AppHost.Resources;

/// <summary>
/// What an empty shop is filled with: the demo's catalogue, whose pictures a job renders from code. With <c>Shop:Demo=false</c> there is no such
/// job and the shop stays empty, for products of one's own.
/// </summary>
internal static class Demo
{
    private const string Setting = "Shop:Demo";

    /// <summary>Pictures are the same for every run of a clone, so they are kept beside the build's outputs and shared by all stacks.</summary>
    public static IResourceBuilder<ProjectResource> WithDemo(this IResourceBuilder<ProjectResource> migrate, LocalState state)
    {
        var builder = migrate.ApplicationBuilder;
        if (!IsWanted(builder))
            return migrate;

        var catalog = Path.Combine(state.Clone, "local", "Demo", "catalog.csv");
        var images = Path.Combine(state.Clone, "artifacts", "demo-art");
        var renderer = builder.AddService<Projects.Local_Demo>("demo-art")
            .WithArgs("render", "--catalog", catalog, "--out", images);
        return migrate.WithArgs("--catalog", catalog, "--images", images).WaitForCompletion(renderer);
    }

    private static bool IsWanted(IDistributedApplicationBuilder builder) => builder.Configuration[Setting] switch
    {
        null => true,
        var said when bool.TryParse(said, out var wanted) => wanted,
        var other => throw new InvalidOperationException($"{Setting}={other} is not understood; accepted are true and false."),
    };
}
