using Tests.Rules;

namespace Tests;

/// <summary>The repository as it is keeps the rules of the house. Each message says file:line and the rule.</summary>
public class HouseTests
{
    [Fact]
    public void The_repository_was_found() =>
        Assert.Contains(Repository.Files, file => file.Path == "Commerce/Commerce.csproj");

    [Fact]
    public void Projects_import_only_what_the_table_allows() => Holds(ProjectReferences.Breaches);

    [Fact]
    public void Versions_stand_in_one_file() => Holds(ProjectReferences.Versions);

    [Fact]
    public void Names_say_what_a_thing_is() => Holds(Names.Breaches);

    [Fact]
    public void Nothing_is_caught_that_was_not_expected() => Holds(CSharp.BareCatches);

    [Fact]
    public void Nothing_is_left_unfinished() => Holds(Texts.Unfinished);

    [Fact]
    public void No_path_is_that_of_one_machine() => Holds(Texts.MachinePaths);

    [Fact]
    public void No_secret_is_committed() => Holds(Texts.Secrets);

    [Fact]
    public void Nothing_is_left_on_a_pooled_connection() => Holds(Texts.SessionState);

    [Fact]
    public void The_lock_file_works_with_any_registry() => Holds(Texts.LockedRegistries);

    [Fact]
    public void Every_json_file_can_be_read() => Holds(Texts.BrokenJson);

    [Fact]
    public void Tests_mirror_the_code() => None(Places.Unmirrored(Repository.Files));

    [Fact]
    public void Tests_that_documents_name_are_there() => None(Documents.MissingTests(Repository.Files));

    [Fact]
    public void The_solution_holds_every_project() => None(Places.OutsideTheSolution(Repository.Files));

    [Fact]
    public void The_storefront_calls_the_Api_in_one_file() => None(Places.OtherCallersOfApi(Repository.Files));

    [Fact]
    public void Sizes_and_missing_documentation_only_warn()
    {
        foreach (var breach in Repository.Files.SelectMany(file => Texts.LongFiles(file).Concat(CSharp.Undocumented(file))))
            TestContext.Current.AddWarning(breach.ToString());
    }

    private static void Holds(Func<SourceFile, IEnumerable<Breach>> rule) => None(Repository.Files.SelectMany(rule));

    private static void None(IEnumerable<Breach> breaches)
    {
        var found = breaches.ToList();
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found.Prepend(null).Select(breach => breach?.ToString() ?? $"{found.Count} found:")));
    }
}
