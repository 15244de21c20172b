using Commerce.Jobs;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;
using Tests.Fixture;
using Worker.Jobs;

namespace Tests.Worker.Jobs;

public sealed class ScheduleTests(PostgresFixture postgres, RedisFixture redis) : JobTest(postgres, redis)
{
    [Fact]
    public async Task Three_nodes_run_every_slot_once()
    {
        IReadOnlyList<Recurring> schedule = [new("tick", "* * * * * *", "UTC", JobKinds.Purge, MissedSlots.CatchUpLatest)];
        for (var i = 0; i < 3; i++) await StartAsync(schedule);
        await EventuallyAsync(async () => (await SlotsAsync()).Count >= 5, "five slots are noted");
        var slots = await SlotsAsync();
        var jobs = (await RowsAsync()).ToDictionary(row => row.Id);
        Assert.Equal(slots.Count, slots.DistinctBy(slot => slot.Slot).Count());
        Assert.All(slots, slot => Assert.Equal($"tick:{slot.Slot.ToUniversalTime():O}", jobs[slot.JobId!.Value].DedupeKey));
        // Nothing lies between two slots but what is written down as missed.
        foreach (var (before, after) in slots.Zip(slots.Skip(1)))
            Assert.Equal((after.Slot - before.Slot).TotalSeconds - 1, after.MissedBefore);
    }

    [Theory]
    [InlineData(MissedSlots.CatchUpLatest, true)]
    [InlineData(MissedSlots.Skip, false)]
    public async Task Slots_that_passed_without_a_worker_are_written_down_and_treated_as_the_task_says(MissedSlots missed, bool runs)
    {
        // Whatever the time is, the last slot is half an hour ago: long past its grace, and the next one is far.
        var past = DateTimeOffset.UtcNow.AddMinutes(-30);
        var latest = new DateTimeOffset(past.Year, past.Month, past.Day, past.Hour, past.Minute, 0, TimeSpan.Zero);
        IReadOnlyList<Recurring> schedule = [new("hourly", $"{past.Minute} * * * *", "UTC", JobKinds.Purge, missed)];
        var node = await StartAsync(schedule);
        await EventuallyAsync(async () => await TasksAsync() is [{ }], "the schedule is announced");
        await node.StopAsync();
        // As if the workers had been away for some hours.
        await ExecuteAsync($"UPDATE recurring_tasks SET next_slot = {latest.AddHours(-3)}");
        await StartAsync(schedule);
        await EventuallyAsync(async () => await SlotsAsync() is [{ }], "one slot is noted");
        var slot = Assert.Single(await SlotsAsync());
        Assert.Equal((latest, 3, latest.AddHours(-3)), (slot.Slot, slot.MissedBefore, slot.MissedSince));
        Assert.Equal(runs, slot.JobId is not null);
        Assert.Equal(runs ? 1 : 0, (await RowsAsync()).Count);
        Assert.Equal(latest.AddHours(1), Assert.Single(await TasksAsync()).NextSlot);
        await using var db = Open();
        Assert.Equal(runs ? 3 : 4, Assert.Single(await db.ListRecurringAsync(default)).MissedSlots);
    }

    [Fact]
    public async Task A_changed_expression_starts_anew_and_a_first_start_misses_nothing()
    {
        var node = await StartAsync([new("task", "0 0 1 1 *", "UTC", JobKinds.Purge, MissedSlots.CatchUpLatest)]);
        await EventuallyAsync(async () => await TasksAsync() is [{ }], "the schedule is announced");
        await node.StopAsync();
        await StartAsync([new("task", "0 0 2 1 *", "UTC", JobKinds.Purge, MissedSlots.CatchUpLatest)]);
        await EventuallyAsync(async () => (await TasksAsync()).Single().NextSlot is { Month: 1, Day: 2 }, "the new expression counts");
        Assert.Empty(await SlotsAsync());
        Assert.Empty(await RowsAsync());
    }

    [Fact]
    public async Task A_slot_that_was_noted_is_over_and_one_that_cannot_be_noted_blocks_no_other_task()
    {
        IReadOnlyList<Recurring> schedule =
        [
            new("broken", "0 0 1 1 *", "UTC", JobKinds.Purge, MissedSlots.CatchUpLatest), new("again", "0 0 1 1 *", "UTC", JobKinds.Purge, MissedSlots.CatchUpLatest),
            new("good", "0 0 1 1 *", "UTC", JobKinds.Purge, MissedSlots.CatchUpLatest),
        ];
        var node = await StartAsync(schedule);
        await EventuallyAsync(async () => (await TasksAsync()).Count == 3, "the schedule is announced");
        await node.StopAsync();
        var last = new DateTimeOffset(DateTimeOffset.UtcNow.Year, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await ExecuteAsync($"UPDATE recurring_tasks SET next_slot = {last}");
        await ExecuteAsync($"INSERT INTO schedule_slots (name, slot, missed_before, noted_at) VALUES ('again', {last}, 0, now())");
        await ExecuteAsync($"""
            INSERT INTO outbox (id, kind, version, arguments, priority, state, attempt, failures, run_after, dedupe_key)
            VALUES (gen_random_uuid(), 'purge', 1, {"{}"}::jsonb, 2, 'pending', 0, 0, now() + interval '1 h', {$"broken:{last:O}"})
            """);
        await StartAsync(schedule);
        await EventuallyAsync(async () => (await TasksAsync()).Count(task => task.NextSlot > DateTimeOffset.UtcNow) == 2, "the others go on");
        Assert.Equal(["again", "good"], (await SlotsAsync()).Select(slot => slot.Name).Order());
        Assert.Equal(2, (await RowsAsync()).Count);
        Assert.Equal(last, (await TasksAsync()).Single(task => task.Name == "broken").NextSlot);
    }

    [Fact]
    public void Daylight_saving_neither_drops_nor_doubles_a_daily_slot()
    {
        var nightly = new Recurring("nightly", "30 2 * * *", "Europe/Brussels", JobKinds.Purge, MissedSlots.CatchUpLatest);
        // 29 March 2026: 02:00 to 03:00 does not exist, so the slot is right after the gap. 25 October: it comes twice, and counts once.
        Assert.Equal(Utc("2026-03-29T01:00"), nightly.After(Utc("2026-03-28T12:00")));
        Assert.Equal(Utc("2026-03-30T00:30"), nightly.After(Utc("2026-03-29T01:00")));
        Assert.Equal(Utc("2026-10-25T00:30"), nightly.After(Utc("2026-10-24T12:00")));
        Assert.Equal(Utc("2026-10-26T01:30"), nightly.After(Utc("2026-10-25T00:30")));
    }

    [Fact]
    public void A_slot_noted_a_little_late_is_in_time_and_an_old_one_is_not()
    {
        var skipping = new Recurring("daily", "0 5 * * *", "UTC", JobKinds.Purge, MissedSlots.Skip);
        Assert.Equal(new DueSlot(Utc("2026-01-02T05:00"), true, 0, null, Utc("2026-01-03T05:00")), skipping.Due(Utc("2026-01-02T05:00"), Utc("2026-01-02T05:01")));
        Assert.Equal(new DueSlot(Utc("2026-01-02T05:00"), false, 0, null, Utc("2026-01-03T05:00")), skipping.Due(Utc("2026-01-02T05:00"), Utc("2026-01-02T06:00")));
        Assert.Equal(new DueSlot(Utc("2026-01-04T05:00"), true, 2, Utc("2026-01-02T05:00"), Utc("2026-01-05T05:00")), skipping.Due(Utc("2026-01-02T05:00"), Utc("2026-01-04T05:00")));
    }

    [Fact]
    public void Every_task_of_the_shop_has_its_own_name_a_known_kind_and_a_next_slot()
    {
        Assert.Equal(global::Worker.Schedule.Tasks.Count, global::Worker.Schedule.Tasks.DistinctBy(task => task.Name).Count());
        Assert.All(global::Worker.Schedule.Tasks, task =>
        {
            Assert.True(JobKinds.All.ContainsKey(task.Kind), task.Kind);
            Assert.True(task.After(DateTimeOffset.UtcNow) > DateTimeOffset.UtcNow);
        });
    }

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse($"{text}:00Z", System.Globalization.CultureInfo.InvariantCulture);

    private Task<JobNode> StartAsync(IReadOnlyList<Recurring> schedule) => StartNodeAsync(instead: services => services.AddSchedule(schedule));

    private async Task<List<ScheduleSlot>> SlotsAsync()
    {
        await using var db = Open();
        return await db.Set<ScheduleSlot>().AsNoTracking().OrderBy(slot => slot.Slot).ToListAsync();
    }

    private async Task<List<RecurringTask>> TasksAsync()
    {
        await using var db = Open();
        return await db.Set<RecurringTask>().AsNoTracking().ToListAsync();
    }
}
