namespace Tests;

public class ProjectClassTests
{
    [Fact]
    public void A_project_reference_becomes_a_class_whose_name_has_underscores_for_dots_and_dashes()
    {
        var metadata = new Projects.Sample_Web_App();
        Assert.EndsWith("Sample.Web-App.csproj", metadata.ProjectPath, StringComparison.Ordinal);
        Assert.True(File.Exists(metadata.ProjectPath));
        Assert.True(metadata.SuppressBuild);
    }

    [Fact]
    public void The_AppHost_has_a_class_that_knows_its_folder() =>
        Assert.True(File.Exists(Path.Combine(Projects.SampleHost.ProjectPath, "SampleHost.csproj")));

    [Fact]
    public void A_resource_is_neither_compiled_against_nor_copied() =>
        Assert.DoesNotContain(typeof(Projects.SampleHost).Assembly.GetReferencedAssemblies(), reference => reference.Name == "Sample.Web-App");
}
