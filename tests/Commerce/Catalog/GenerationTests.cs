using Commerce.Catalog.Caching;

namespace Tests.Commerce.Catalog;

public class GenerationTests
{
    [Fact]
    public void An_older_transaction_that_is_learnt_of_later_makes_another_one_and_a_line_that_is_read_again_does_not()
    {
        var younger = Learn(Generation.None, (101, 100));
        Assert.Equal(101UL, younger.Number);
        Assert.Same(younger, Learn(younger, (101, 100)));
        var both = Learn(younger, (100, 100));
        Assert.NotEqual(younger.Number, both.Number);
        // Whoever noted its change after that saw both.
        Assert.Equal(102UL, Learn(both, (102, 102)).Number);
        Assert.Equal(102UL, Learn(both, (102, 102), (100, 100)).Number);
    }

    /// <summary>Transactions 1 to 40 of which up to eight run at a time; whoever has learnt the same of them, in whatever order, agrees, and nobody else does.</summary>
    [Fact]
    public void Nodes_agree_when_they_know_the_same_and_differ_by_every_commit()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var running = new List<(ulong Transaction, ulong Running)>();
            var committed = new List<(ulong Transaction, ulong Running)>();
            var seen = new HashSet<ulong> { Generation.None.Number };
            var node = Generation.None;
            for (var next = 1UL; next <= 40 || running.Count > 0;)
            {
                if (next <= 40 && running.Count < 8 && random.Next(2) == 0)
                {
                    running.Add((next, running.Select(r => r.Transaction).Append(next).Min()));
                    next++;
                }
                else if (running.Count > 0)
                {
                    var ends = running[random.Next(running.Count)];
                    running.Remove(ends);
                    committed.Add(ends);
                    node = Learn(node, ends);
                    Assert.True(seen.Add(node.Number), $"The commit of {ends.Transaction} made no other generation.");
                    Assert.Equal(node.Number, Learn(Generation.None, [.. committed.OrderBy(_ => random.Next())]).Number);
                }
            }
        }
    }

    private static Generation Learn(Generation known, params (ulong Transaction, ulong Running)[] lines) => lines.Aggregate(known, (generation, line) => generation.Learn(line.Transaction, line.Running, 1));
}
