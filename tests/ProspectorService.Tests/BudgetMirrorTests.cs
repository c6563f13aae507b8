using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shabou.ProspectorService.Budgets;
using Shabou.Testing;
using StackExchange.Redis;
using static Shabou.ProspectorService.Budgets.BudgetDecision;

namespace Shabou.ProspectorService.Tests;

public sealed class BudgetMirrorTests(TestServers servers)
{
    private const string Sku = PlacesSku.TextSearchEnterprise;

    [Fact]
    public async Task Redis_has_the_counts_after_each_change_and_again_after_it_was_emptied()
    {
        await using var rig = await Rig.NewAsync(servers);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(servers.Redis);
        var budget = rig.Budget(("Prospector:PlacesBudget:LapsedCheck", "00:00:00.1"));
        var first = Assert.IsType<Granted>(await ReserveAsync(budget, "a")).Reservation;
        await ReserveAsync(budget, "b");
        await budget.CommitAsync(first, "200");
        await UntilMirroredAsync();
        await redis.GetDatabase().KeyDeleteAsync(rig.MirrorKey);
        await UntilMirroredAsync(); // without a further grant

        Task UntilMirroredAsync() => Rig.UntilAsync(async () =>
        {
            var copy = await ReadAsync(redis, rig.MirrorKey);
            return copy.GetValueOrDefault("day_used") == "1" && copy["day_reserved"] == "1" && copy["day_left"] == "148" && copy["month_left"] == "4498"
                && copy["last_24h"] == "2" && copy["killed"] == "0" && copy["left_micros"] == "300000000";
        });
    }

    [Fact]
    public async Task An_older_count_does_not_replace_a_newer_one()
    {
        await using var rig = await Rig.NewAsync(servers);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(servers.Redis);
        var mirror = rig.Start(("Prospector:PlacesBudget:LapsedCheck", "01:00:00")).Services.GetServices<IHostedService>().OfType<BudgetMirror>().Single();
        var newer = new LedgerSnapshot(1_000_000, DateTimeOffset.UtcNow, false, new(2026, 11, 21), 5, 0, 145, 5, 145, 5, 0, 4_495, 0, 0, 300_000_000);
        Assert.True(await mirror.WriteAsync(newer, Rig.Cancellation));
        Assert.False(await mirror.WriteAsync(newer with { Version = 999_999, DayUsed = 4 }, Rig.Cancellation));
        Assert.True(await mirror.WriteAsync(newer, Rig.Cancellation)); // the same again, as after a restart
        Assert.Equal("5", (await ReadAsync(redis, rig.MirrorKey))["day_used"]);
    }

    [Fact]
    public async Task Emptied_lying_or_gone_Redis_changes_no_grant()
    {
        await using var rig = await Rig.NewAsync(servers);
        var options = ConfigurationOptions.Parse(servers.Redis);
        await using var wire = options.EndPoints.Single() switch
        {
            DnsEndPoint named => new Wire(named.Host, named.Port),
            IPEndPoint numbered => new Wire(numbered.Address.ToString(), numbered.Port),
            var other => throw new InvalidOperationException($"Redis is at {other}."),
        };
        options.EndPoints.Clear();
        options.EndPoints.Add(IPAddress.Loopback, wire.Port);
        var budget = rig.Budget(("ConnectionStrings:redis", options.ToString(includePassword: true)), ("Prospector:PlacesBudget:CallsPerDay", "3"));
        await using var redis = await ConnectionMultiplexer.ConnectAsync(servers.Redis);

        Assert.IsType<Granted>(await ReserveAsync(budget, "a"));
        await redis.GetDatabase().HashSetAsync(rig.MirrorKey, "day_left", 1_000_000);
        await redis.GetDatabase().HashSetAsync(rig.MirrorKey, "day_used", 0);
        Assert.Equal(1, Assert.IsType<Granted>(await ReserveAsync(budget, "b")).LeftToday);
        wire.Cut();
        Assert.Equal(0, Assert.IsType<Granted>(await ReserveAsync(budget, "c")).LeftToday);
        Assert.Equal(DenialReason.DayCap, Assert.IsType<Denied>(await ReserveAsync(budget, "d")).Reason);
        wire.Mend();
        await redis.GetDatabase().KeyDeleteAsync(rig.MirrorKey);
        Assert.Equal(DenialReason.DayCap, Assert.IsType<Denied>(await ReserveAsync(budget, "e")).Reason);
    }

    private static async Task<Dictionary<string, string>> ReadAsync(ConnectionMultiplexer redis, string key) =>
        (await redis.GetDatabase().HashGetAllAsync(key)).ToDictionary(entry => entry.Name.ToString(), entry => entry.Value.ToString());

    private static Task<BudgetDecision> ReserveAsync(PlacesBudget budget, string key) => budget.ReserveAsync(Sku, key, jobId: null, Rig.Cancellation);
}
