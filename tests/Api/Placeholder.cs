namespace Tests;

public class Placeholder
{
    [Fact]
    public void The_suite_runs() => Assert.NotNull(typeof(Placeholder).Assembly.Location);
}
