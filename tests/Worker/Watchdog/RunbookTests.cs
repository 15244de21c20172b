using Commerce.OnCall;
using Tests.Fixture;

namespace Tests.Worker.Watchdog;

public sealed class RunbookTests
{
    public static TheoryData<string> EveryAlert => new(Alerts.All.Keys.Order());

    [Theory]
    [MemberData(nameof(EveryAlert))]
    public void Every_alert_has_a_runbook_that_says_what_it_means_and_what_to_do(string name)
    {
        var text = File.ReadAllText(Path.Combine(TestFolders.Repository, Alerts.All[name].Runbook));
        Assert.StartsWith($"# {name}\n", text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        foreach (var heading in new[] { "## What it means", "## Look", "## Act", "## Over when" })
            Assert.Contains(heading, text, StringComparison.Ordinal);
        Assert.Contains(Alerts.All[name].Severity.ToString().ToLowerInvariant(), text, StringComparison.Ordinal);
    }
}
