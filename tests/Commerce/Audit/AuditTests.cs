using Commerce;
using Commerce.Audit;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Tests.Fixture;

namespace Tests.Commerce.Audit;

public class AuditTests(ShopDatabase shop) : IClassFixture<ShopDatabase>
{
    private static readonly Actor Ann = new(ActorKind.Staff, "1", "ann@example.com");

    [Fact]
    public async Task A_line_exists_exactly_if_its_change_commits()
    {
        await using var db = shop.Open();
        await using (await db.Database.BeginTransactionAsync())
        {
            db.Audit(Ann, "tests.undone", "test:1");
            await db.SaveChangesAsync();
        }
        db.ChangeTracker.Clear();
        db.Audit(Ann, "tests.done", "test:1", "because", new { from = 1, to = 2 });
        await db.SaveChangesAsync();
        var line = Assert.Single((await db.ListAuditAsync("test:1", 10, null, CancellationToken.None)).Value.Items);
        Assert.Equal(("tests.done", "because", new AuditActor("staff", "1", "ann@example.com")), (line.Action, line.Reason, line.Actor));
        Assert.Equal(2, line.Details!.Value.GetProperty("to").GetInt32());
        Assert.InRange(line.At, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
    }

    [Fact]
    public async Task A_line_of_many_changes_stays_small()
    {
        var changes = new AuditChanges();
        changes.Add("tags", Enumerable.Range(0, 100).Select(i => $"tag {i}").ToList(), Enumerable.Range(0, 100).Select(i => i == 60 ? "another" : $"tag {i}").ToList());
        changes.Add("same", new List<string> { "a" }, new List<string> { "a" });
        changes.Add("none", null, "");
        // Half of a pair of surrogates is no text, and PostgreSQL takes none.
        changes.Add("smiles", string.Concat(Enumerable.Repeat("😀", 200)), "x" + string.Concat(Enumerable.Repeat("😀", 200)));
        for (var i = 0; i < 100; i++) changes.Add($"field {i}", null, i);
        await using var db = shop.Open();
        db.Audit(Ann, "tests.changed", "test:changes", changes: changes);
        await db.SaveChangesAsync();
        var details = Assert.Single((await db.ListAuditAsync("test:changes", 10, null, CancellationToken.None)).Value.Items).Details!.Value;
        var told = details.GetProperty("changes");
        Assert.Equal((AuditChanges.MaxFields, 52), (told.EnumerateObject().Count(), details.GetProperty("moreChanges").GetInt32()));
        Assert.Equal(["…", "tag 58", "tag 59", "another", "tag 61"], told.GetProperty("tags").GetProperty("to").EnumerateArray().Select(t => t.GetString()).Take(5));
        Assert.Equal((22, "…"), (told.GetProperty("tags").GetProperty("from").GetArrayLength(), told.GetProperty("tags").GetProperty("from")[21].GetString()));
        Assert.False(told.TryGetProperty("same", out _) || told.TryGetProperty("none", out _));
        Assert.Equal(string.Concat(Enumerable.Repeat("😀", 127)) + "…", told.GetProperty("smiles").GetProperty("from").GetString());
    }

    [Theory]
    [InlineData("UPDATE audit_entries SET reason = 'another'")]
    [InlineData("DELETE FROM audit_entries")]
    [InlineData("TRUNCATE audit_entries")]
    public async Task The_database_refuses_to_change_what_was_written(string sql)
    {
        await using var db = shop.Open();
        db.Audit(Actor.System("test"), "tests.kept", $"test:{sql}");
        await db.SaveChangesAsync();
        var error = await Assert.ThrowsAsync<PostgresException>(() => db.Database.ExecuteSqlRawAsync(sql));
        Assert.Equal((PostgresErrorCodes.RestrictViolation, "audit_entries is append-only"), (error.SqlState, error.MessageText));
        Assert.True(await db.AuditEntries.AnyAsync(e => e.Subject == $"test:{sql}"));
    }

    [Fact]
    public async Task Walking_the_pages_meets_every_line_once_newest_first()
    {
        await using var db = shop.Open();
        for (var i = 1; i <= 7; i++)
        {
            db.Audit(Ann, $"tests.{i}", "test:pages");
            await db.SaveChangesAsync();
        }
        var walked = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await db.ListAuditAsync("test:pages", 3, cursor, CancellationToken.None)).Value;
            walked.AddRange(page.Items.Select(l => l.Action));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        Assert.Equal(Enumerable.Range(1, 7).Reverse().Select(i => $"tests.{i}"), walked);
        Assert.Equal(AuditRefusals.CursorInvalid, (await db.ListAuditAsync(null, 3, "!!", CancellationToken.None)).Refusal?.Code);
    }

    /// <summary>Else Npgsql writes the third line and says that it failed (npgsql/npgsql#6391).</summary>
    [Fact]
    public async Task A_line_that_failed_while_its_statement_was_prepared_does_not_stop_the_next_on_its_connection()
    {
        var options = new DbContextOptionsBuilder<ShopDb>();
        options.UseNpgsql(new NpgsqlConnectionStringBuilder(ShopDb.Prepared(shop.ConnectionString)) { Pooling = true, MinPoolSize = 0, MaxPoolSize = 1 }.ConnectionString);
        ShopDb.Conventions(options);
        async Task WriteAsync(string text)
        {
            await using var db = new ShopDb(options.Options);
            db.Audit(Ann, "tests.prepared", "test:prepared", details: new { text });
            await db.SaveChangesAsync();
        }
        await WriteAsync("first");
        await Assert.ThrowsAsync<DbUpdateException>(() => WriteAsync("no text \0"));
        await WriteAsync("third");
        await using var db = shop.Open();
        Assert.Equal(2, await db.AuditEntries.CountAsync(line => line.Action == "tests.prepared"));
    }
}
