namespace AppHost.Resources;

/// <summary>The demo shop's catalogue and the job that renders its pictures from code.</summary>
internal sealed record DemoArt(string Catalog, string Images, IResourceBuilder<ProjectResource> Renderer);

internal static class DemoArtResource
{
    /// <summary>Pictures are the same for every run of a clone, so they are kept beside the build's outputs and shared by all stacks.</summary>
    public static DemoArt AddDemoArt(this IDistributedApplicationBuilder builder, LocalState state)
    {
        var catalog = Path.Combine(state.Clone, "local", "Demo", "catalog.csv");
        var images = Path.Combine(state.Clone, "artifacts", "demo-art");
        var renderer = builder.AddService<Projects.Local_Demo>("demo-art")
            .WithArgs("render", "--catalog", catalog, "--out", images);
        return new(catalog, images, renderer);
    }
}
