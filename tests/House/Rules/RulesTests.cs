namespace Tests.Rules;

/// <summary>A rule that cannot fail holds nothing: each is shown what it forbids, and what it must let pass.</summary>
public class RulesTests
{
    [Theory]
    [InlineData("Commerce/Commerce.csproj", "../ServiceDefaults/ServiceDefaults.csproj", false)]
    [InlineData("Api/Api.csproj", "../Commerce/Commerce.csproj", true)]
    [InlineData("Api/Api.csproj", "../local/Stripe/Local.Stripe.csproj", false)]
    [InlineData("Api/Api.csproj", @"..\Worker\Worker.csproj", false)]
    [InlineData("Worker/Worker.csproj", "../Frontend.Proxy/Frontend.Proxy.csproj", false)]
    [InlineData("Frontend.Proxy/Frontend.Proxy.csproj", "../Commerce/Commerce.csproj", false)]
    [InlineData("AppHost/AppHost.csproj", "../local/Redis/Local.Redis.csproj", true)]
    [InlineData("AppHost/AppHost.csproj", "../Commerce/Commerce.csproj", false)]
    [InlineData("local/Mail/Local.Mail.csproj", "../../Commerce/Commerce.csproj", false)]
    [InlineData("local/Mail/Local.Mail.csproj", "../Stripe/Local.Stripe.csproj", false)]
    [InlineData("tests/Worker/Tests.Worker.csproj", "../Fixture/Tests.Fixture.csproj", true)]
    [InlineData("tests/Worker/Tests.Worker.csproj", "../../Api/Api.csproj", false)]
    [InlineData("Newcomer/Newcomer.csproj", "../Commerce/Commerce.csproj", false)]
    public void A_reference_across_the_table_is_found(string project, string reference, bool allowed)
    {
        var file = new SourceFile(project, $"<Project>\n  <ItemGroup>\n    <ProjectReference Include=\"{reference}\" />\n  </ItemGroup>\n</Project>");

        var found = ProjectReferences.Breaches(file).ToList();
        Assert.Equal(allowed, found.Count == 0);
        Assert.All(found, breach => Assert.StartsWith($"{project}:3: ", breach.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Another_projects_source_linked_in_is_a_reference_too()
    {
        Assert.Single(ProjectReferences.Breaches(new SourceFile("Api/Api.csproj", """<Project><ItemGroup><Compile Include="../Worker/JobPump.cs" /></ItemGroup></Project>""")));
        Assert.Empty(ProjectReferences.Breaches(new SourceFile("local/Redis/Local.Redis.csproj", """<Project><ItemGroup><Compile Include="../Npm/NpmPackage.cs" /></ItemGroup></Project>""")));
    }

    [Theory]
    [InlineData("""<PackageReference Include="Npgsql" Version="10.0.3" />""", false)]
    [InlineData("""<PackageReference Include="Npgsql" VersionOverride="10.0.3" />""", false)]
    [InlineData("""<PackageReference Include="Npgsql"><Version>10.0.3</Version></PackageReference>""", false)]
    [InlineData("""<PackageVersion Include="Npgsql" Version="10.0.3" />""", false)]
    [InlineData("""<PackageReference Include="Npgsql" />""", true)]
    public void A_version_outside_the_one_file_is_found(string item, bool allowed)
    {
        Assert.Equal(allowed, !ProjectReferences.Versions(new SourceFile("Api/Api.csproj", $"<Project><ItemGroup>{item}</ItemGroup></Project>")).Any());
        Assert.Empty(ProjectReferences.Versions(new SourceFile("Directory.Packages.props", $"<Project><ItemGroup>{item}</ItemGroup></Project>")));
    }

    [Theory]
    [InlineData("Api/Orders/OrderManager.cs", "class Order;", 1)]
    [InlineData("Api/Helpers/Money.cs", "class Money;", 1)]
    [InlineData("Frontend/lib/price-utils.ts", "", 1)]
    [InlineData("Api/Extensions.cs", "class Orders;", 1)]
    [InlineData("Api/Orders.cs", "\npublic abstract class OrderBase;", 1)]
    [InlineData("Api/Orders.cs", "record struct OrderImpl(int A);", 1)]
    [InlineData("Api/Orders.cs", "enum CommonState { A }", 1)]
    [InlineData("Api/Orders.cs", "// class OrderManager\nclass Basket { string s = \"class FooHelper\"; }", 0)]
    [InlineData("Commerce/Database.cs", "class BasketDatabase; interface IProcessed;", 0)]
    [InlineData("Api/OrderExtensions.cs", "static class OrderExtensions;", 0)]
    [InlineData("local/packages/Aspire.Hosting/Extensions.cs", "class ResourceManager;", 0)]
    public void An_empty_word_in_a_name_is_found(string path, string text, int breaches) =>
        Assert.Equal(breaches, Names.Breaches(new SourceFile(path, text)).Count());

    [Theory]
    [InlineData("try { A(); } catch { }", false)]
    [InlineData("try { A(); } catch (Exception) { return null; }", false)]
    [InlineData("try { A(); } catch (System.Exception) { }", false)]
    [InlineData("try { A(); } catch { B(); throw; }", true)]
    [InlineData("try { A(); } catch (Exception) when (stopping) { }", true)]
    [InlineData("try { A(); } catch (IOException) { }", true)]
    [InlineData("// catch { }", true)]
    public void A_bare_catch_is_found(string statement, bool allowed)
    {
        var found = CSharp.BareCatches(new SourceFile("Api/A.cs", $"class A\n{{\n  void B()\n  {{\n    {statement}\n  }}\n}}")).ToList();

        Assert.Equal(allowed, found.Count == 0);
        Assert.All(found, breach => Assert.Equal(5, breach.Line));
    }

    [Theory]
    [InlineData("// TODO: later", false)]
    [InlineData("throw new NotImplementedException();", false)]
    [InlineData("/* FIXME */", false)]
    [InlineData("var todos = 1;", true)]
    public void Unfinished_work_is_found(string line, bool allowed) => Check(Texts.Unfinished, line, allowed);

    [Theory]
    [InlineData("var folder = \"/home/someone/shop\";", false)]
    [InlineData("cd /work/main", false)]
    [InlineData("see (/root/.nuget/packages)", false)]
    [InlineData(@"C:\Users\me\shop", false)]
    [InlineData("https://shop.example/home/page", true)]
    [InlineData("import x from '../work/list'", true)]
    [InlineData("as root, /var/lib/oddgrain", true)]
    public void A_path_of_one_machine_is_found(string line, bool allowed) => Check(Texts.MachinePaths, line, allowed);

    [Theory]
    [InlineData("Api/A.cs", "db.Run(\"SELECT pg_try_advisory_lock(1)\")", 1)]
    [InlineData("Commerce/A.cs", "\"SET statement_timeout = 1000\"", 1)]
    [InlineData("Worker/A.cs", "SELECT set_config('enable_seqscan', 'off', false)", 1)]
    [InlineData("Worker/A.cs", "SELECT set_config('enable_seqscan', 'off', true)", 0)]
    [InlineData("Api/A.cs", "SELECT pg_advisory_xact_lock(1)", 0)]
    [InlineData("Api/A.cs", "UPDATE orders SET status = 'Paid'", 0)]
    [InlineData("Worker/Watchdog/Watch.cs", "SELECT pg_try_advisory_lock($1)", 0)]
    [InlineData("tests/Api/A.cs", "SELECT pg_advisory_lock($1)", 0)]
    public void What_a_pooled_connection_would_keep_is_found(string path, string text, int breaches) =>
        Assert.Equal(breaches, Texts.SessionState(new SourceFile(path, text)).Count());

    [Theory]
    [InlineData("sk_live_51H8abcdefgh", false)]
    [InlineData("whsec_9f8e7d6c5b4a39281706", false)]
    [InlineData("AKIAABCDEFGHIJKLMNOP", false)]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----", false)]
    [InlineData("sk_test_emulator", true)]
    [InlineData("whsec_local0000000000000000", true)]
    public void A_secret_is_found(string line, bool allowed) => Check(Texts.Secrets, line, allowed);

    [Theory]
    [InlineData("package-lock.json", "\"resolved\": \"https://registry.internal.example/next/-/next-16.tgz\",", false)]
    [InlineData(".npmrc", "registry=http://localhost:4873/", false)]
    [InlineData("package-lock.json", "\"resolved\": \"https://registry.npmjs.org/next/-/next-16.tgz\",", true)]
    [InlineData("package-lock.json", "\"integrity\": \"sha512-abc\", \"funding\": \"https://opencollective.com/x\"", true)]
    public void A_private_registry_is_found(string name, string line, bool allowed) =>
        Assert.Equal(allowed, !Texts.LockedRegistries(new SourceFile($"Frontend/{name}", line)).Any());

    [Fact]
    public void Broken_json_is_found()
    {
        Assert.Equal(2, Assert.Single(Texts.BrokenJson(new SourceFile("a.json", "{\n  \"a\": ,\n}"))).Line);
        Assert.Empty(Texts.BrokenJson(new SourceFile("a.json", "{ /* why */ \"a\": 1, }")));
    }

    [Fact]
    public void A_test_without_a_mirror_is_found()
    {
        SourceFile[] files = [new("Api/Orders/PlaceOrder.cs", ""), new("tests/Api/Orders/PlaceOrderTests.cs", ""), new("tests/Api/Ordres/PlaceOrderTests.cs", "")];

        Assert.Equal("tests/Api/Ordres/PlaceOrderTests.cs", Assert.Single(Places.Unmirrored(files)).File);
    }

    [Fact]
    public void A_project_outside_the_solution_is_found()
    {
        SourceFile[] files = [new("Aspire.sln", @"Project(""{F}"") = ""Api"", ""Api\Api.csproj"""), new("Api/Api.csproj", ""), new("Extra/Extra.csproj", "")];

        Assert.Equal("Extra/Extra.csproj", Assert.Single(Places.OutsideTheSolution(files)).File);
    }

    [Fact]
    public void A_second_caller_of_the_Api_is_found()
    {
        SourceFile[] files = [new("Frontend/lib/api.ts", "process.env['services__api__http__0']"), new("Frontend/app/page.tsx", "\nprocess.env['services__api__http__0']")];

        Assert.Equal(new Breach("Frontend/app/page.tsx", 2, "only lib/api.ts calls Api"), Assert.Single(Places.OtherCallersOfApi(files)));
    }

    [Fact]
    public void Long_files_and_missing_documentation_are_found()
    {
        Assert.Single(Texts.LongFiles(new SourceFile("Api/A.cs", new string('\n', 250))));
        Assert.Empty(Texts.LongFiles(new SourceFile("Api/A.cs", new string('\n', 249))));
        Assert.Equal(2, Assert.Single(CSharp.Undocumented(new SourceFile("Api/A.cs", "\npublic class A;"))).Line);
        Assert.Empty(CSharp.Undocumented(new SourceFile("Api/A.cs", "/// <summary>A.</summary>\npublic class A;")));
    }

    private static void Check(Func<SourceFile, IEnumerable<Breach>> rule, string line, bool allowed)
    {
        var found = rule(new SourceFile("Api/A.cs", $"\n{line}")).ToList();
        Assert.Equal(allowed, found.Count == 0);
        Assert.All(found, breach => Assert.Equal(2, breach.Line));
        Assert.Empty(rule(new SourceFile("tests/House/A.cs", line)));
    }

    [Theory]
    [InlineData("`tests/Api/OrderTests.cs` `One_is`, `Two_are`", 0)]
    [InlineData("`tests/Api/OrderTests.cs`", 0)]
    [InlineData("`tests/Api/OrderTests.cs` `One_is`, `Three_are`; `tests/Api/OrderTests.cs` `One`", 2)]
    [InlineData("`tests/Api/GoneTests.cs` `One_is`", 1)]
    public void A_document_that_names_a_test_that_is_gone_is_found(string line, int breaches) =>
        Assert.Equal(breaches, Documents.MissingTests([new SourceFile("docs/a.md", line), new SourceFile("tests/Api/OrderTests.cs", "public void One_is() {} public Task Two_are(int n) {}")]).Count());
}
