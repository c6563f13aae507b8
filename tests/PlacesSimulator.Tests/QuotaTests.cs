using System.Text.Json;

namespace Shabou.PlacesSimulator.Tests;

public sealed class QuotaTests
{
    private static readonly object Query = new { textQuery = "garage Tunis" };

    [Theory]
    [InlineData("Places:CallsPerMinute", "SearchTextRequestPerMinutePerProject", "1/min/{project}")]
    [InlineData("Places:CallsPerDay", "SearchTextRequestPerDayPerProject", "1/d/{project}")]
    public async Task Past_a_quota_the_answer_names_its_limit(string setting, string limit, string unit)
    {
        using var simulator = new Simulator((setting, "2"));
        using var caller = simulator.Caller();
        // The minute may turn between calls, so more than one refusal is not promised; four calls always span at most two minutes.
        var answers = new List<(System.Net.HttpStatusCode Status, JsonElement Body)>();
        for (var i = 0; i < 6 && answers.All(answer => (int)answer.Status == 200); i++) answers.Add(await caller.SearchAsync(Query));
        answers[^1].IsError(429, "RESOURCE_EXHAUSTED");
        var detail = answers[^1].Body.GetProperty("error").GetProperty("details")[0];
        Assert.Equal("type.googleapis.com/google.rpc.ErrorInfo", detail.Text("@type"));
        Assert.Equal("RATE_LIMIT_EXCEEDED", detail.Text("reason"));
        Assert.Equal(limit, detail.Text("metadata", "quota_limit"));
        Assert.Equal(unit, detail.Text("metadata", "quota_unit"));
        Assert.Equal("2", detail.Text("metadata", "quota_limit_value"));
    }

    [Fact]
    public async Task A_minute_quota_heals_in_the_next_minute_and_a_day_quota_at_midnight_in_California()
    {
        var clock = new SetClock { Now = new(2026, 7, 2, 6, 57, 30, TimeSpan.Zero) }; // 23:57:30 on 1 July there
        using var simulator = new Simulator(("Places:CallsPerMinute", "2"), ("Places:CallsPerDay", "3")) { Time = clock };
        using var caller = simulator.Caller();
        await ExpectAsync(200, 200, 429);
        clock.Now += TimeSpan.FromMinutes(1);
        await ExpectAsync(200, 429);
        clock.Now += TimeSpan.FromMinutes(1);
        await ExpectAsync(429);
        clock.Now += TimeSpan.FromMinutes(1);
        await ExpectAsync(200);

        async Task ExpectAsync(params int[] statuses)
        {
            foreach (var status in statuses) Assert.Equal(status, (int)(await caller.SearchAsync(Query)).Status);
        }
    }

    [Fact]
    public async Task A_refused_key_uses_no_quota()
    {
        using var simulator = new Simulator(("Places:CallsPerDay", "1"));
        using var stranger = simulator.Caller("another-key");
        for (var i = 0; i < 3; i++) await stranger.SearchAsync(Query);
        using var caller = simulator.Caller();
        Assert.Equal(200, (int)(await caller.SearchAsync(Query)).Status);
        (await caller.SearchAsync(Query)).IsError(429, "RESOURCE_EXHAUSTED");
    }
}

/// <summary>Shows what a test sets.</summary>
internal sealed class SetClock : TimeProvider
{
    public DateTimeOffset Now { get; set; }

    public override DateTimeOffset GetUtcNow() => Now;
}
