using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema.Ops;
using Shabou.Testing;
using StackExchange.Redis;

namespace Shabou.ForecastService.Tests.Models;

/// <summary>Each test on a database of its own.</summary>
public sealed class ModelArtifactTests(TestServers servers)
{
    private const string TwoParts = "id,start,frequency,v1,v2,v3,v4,v5,v6\nA,2026-01-01,M,1,0,2,0,0,3\nB,2026-01-01,M,5,6,5,7,6,5\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_training_twice_is_the_same_bytes_under_the_same_fingerprint()
    {
        await using var planner = await TrainedAsync();
        await planner.TrainAsync();
        await using var context = TestServers.ContextOn(planner.Database);
        var artifacts = await context.ModelArtifacts.ToListAsync(Cancellation);
        Assert.Equal(2, artifacts.Count);
        Assert.Equal(artifacts[0].Bytes, artifacts[1].Bytes);
        Assert.Single(await context.ModelVersions.Select(v => v.Fingerprint).Distinct().ToListAsync(Cancellation));
    }

    [Theory]
    [InlineData("{\"seed\": 2}")]
    [InlineData("{\"horizon\": 13}")]
    public async Task Another_seed_or_parameter_is_another_fingerprint(string other)
    {
        await using var planner = await TrainedAsync();
        await planner.TrainAsync(JsonSerializer.Deserialize<JsonElement>(other));
        var fingerprints = (await planner.GetAsync("/api/v1/models")).GetProperty("items").EnumerateArray().Select(m => m.GetProperty("fingerprint").GetString()).ToList();
        Assert.Equal(2, fingerprints.Distinct().Count());
    }

    [Fact]
    public async Task Three_replicas_answer_byte_for_byte_the_same()
    {
        await using var planner = await TrainedAsync();
        await using var second = planner.Replica();
        await using var third = planner.Replica();
        using var there = second.SignedIn();
        using var elsewhere = third.SignedIn();
        foreach (var address in new[] { "/api/v1/forecasts/A", "/api/v1/forecasts/A?fresh=true", "/api/v1/forecasts/B?fresh=true&horizon=3", "/api/v1/forecasts" })
        {
            var answer = await planner.Client.GetByteArrayAsync(address, Cancellation);
            Assert.Equal(answer, await there.GetByteArrayAsync(address, Cancellation));
            Assert.Equal(answer, await elsewhere.GetByteArrayAsync(address, Cancellation));
        }
    }

    [Fact]
    public async Task A_replica_takes_the_model_from_Redis_where_its_key_names_version_and_hash()
    {
        await using var planner = await TrainedAsync();
        await planner.GetAsync("/api/v1/forecasts/A?fresh=true");
        await using var context = TestServers.ContextOn(planner.Database);
        var artifact = await context.ModelArtifacts.Include(a => a.ModelVersion).SingleAsync(Cancellation);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(servers.Redis);
        var copy = $"{planner.RedisPrefix}:model:{artifact.ModelVersion!.Version}:{artifact.Sha256}";
        Assert.Equal(artifact.Bytes, (byte[]?)await redis.GetDatabase().StringGetAsync(copy));
        Assert.NotNull(await redis.GetDatabase().KeyTimeToLiveAsync(copy));

        await DamageAsync(planner); // where it is not read
        await using var other = planner.Replica();
        using var client = other.SignedIn();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/forecasts/A?fresh=true", Cancellation)).StatusCode);
        Assert.Equal(0, await context.Alerts.CountAsync(Cancellation));
    }

    [Fact]
    public async Task Without_Redis_the_model_comes_from_the_database_and_the_answer_is_the_same()
    {
        await using var planner = await TrainedAsync();
        await using var cutOff = planner.Replica(("ConnectionStrings:redis", "127.0.0.1:1,connectTimeout=200,abortConnect=false"));
        using var client = cutOff.SignedIn();
        Assert.Equal(await planner.Client.GetByteArrayAsync("/api/v1/forecasts/A?fresh=true", Cancellation), await client.GetByteArrayAsync("/api/v1/forecasts/A?fresh=true", Cancellation));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_damaged_copy_in_Redis_is_replaced_from_the_database()
    {
        await using var planner = await TrainedAsync();
        var version = (await planner.GetAsync("/api/v1/forecasts/A?fresh=true")).GetProperty("modelVersion").GetString();
        await using var context = TestServers.ContextOn(planner.Database);
        var artifact = await context.ModelArtifacts.SingleAsync(Cancellation);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(servers.Redis);
        var copy = $"{planner.RedisPrefix}:model:{version}:{artifact.Sha256}";
        await redis.GetDatabase().StringSetAsync(copy, "{}");
        await using var other = planner.Replica();
        using var client = other.SignedIn();
        Assert.Equal(await planner.Client.GetByteArrayAsync("/api/v1/forecasts/A?fresh=true", Cancellation), await client.GetByteArrayAsync("/api/v1/forecasts/A?fresh=true", Cancellation));
        Assert.Equal(artifact.Bytes, (byte[]?)await redis.GetDatabase().StringGetAsync(copy));
    }

    [Fact]
    public async Task A_damaged_artefact_is_refused_and_the_version_before_it_is_served_by_all_replicas()
    {
        await using var planner = await TrainedAsync();
        var good = (await planner.GetAsync("/api/v1/forecasts/A?fresh=true")).GetProperty("modelVersion").GetString()!;
        var bad = (await planner.TrainAsync()).GetProperty("result").GetProperty("modelVersion").GetString()!;
        await DamageAsync(planner, bad);
        await using var other = planner.Replica();
        using var client = other.SignedIn();
        foreach (var caller in new[] { client, planner.Client })
        {
            foreach (var address in new[] { "/api/v1/forecasts/A?fresh=true", "/api/v1/forecasts/A" })
            {
                using var answer = JsonDocument.Parse(await caller.GetByteArrayAsync(address, Cancellation));
                Assert.Equal(good, answer.RootElement.GetProperty("modelVersion").GetString());
            }
        }

        await using var context = TestServers.ContextOn(planner.Database);
        var alert = await context.Alerts.SingleAsync(Cancellation); // once, however many found out
        Assert.Equal((bad, AlertSeverity.Critical), (alert.Subject, alert.Severity));
        Assert.Equal(503, (await Planner.RefusedAsync(client.GetAsync($"/api/v1/forecasts/A/replay?version={bad}", Cancellation))).Status);
    }

    [Fact]
    public async Task When_the_only_artefact_is_damaged_stored_forecasts_are_served_and_fresh_ones_are_not_available()
    {
        await using var planner = await TrainedAsync();
        await DamageAsync(planner);
        var refused = await Planner.RefusedAsync(planner.Client.GetAsync("/api/v1/forecasts/A?fresh=true", Cancellation));
        Assert.Equal((503, "/problems/service-unavailable"), (refused.Status, refused.Problem.GetProperty("type").GetString()));
        Assert.Contains("training run", refused.Problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await planner.GetAsync("/api/v1/forecasts/A");
    }

    [Fact]
    public async Task An_artefact_that_is_damaged_on_its_way_leaves_the_version_before_it_in_service()
    {
        await using var planner = await TrainedAsync();
        var version = (await planner.GetAsync("/api/v1/forecasts/A")).GetProperty("modelVersion").GetString();
        await using var context = TestServers.ContextOn(planner.Database);
        await context.Database.ExecuteSqlRawAsync("""
            CREATE FUNCTION forecast.flip() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.bytes := set_byte(NEW.bytes, 0, 0); RETURN NEW; END $$;
            CREATE TRIGGER flip BEFORE INSERT ON forecast.model_artifacts FOR EACH ROW EXECUTE FUNCTION forecast.flip();
            """, Cancellation);
        using var response = await planner.Client.PostAsync("/api/v1/training-runs", null, Cancellation);
        await planner.UntilAsync(response.Headers.Location!.ToString(), job => job.GetProperty("error").ValueKind == JsonValueKind.String);
        Assert.Equal(version, (await planner.GetAsync("/api/v1/forecasts/A?fresh=true")).GetProperty("modelVersion").GetString());
        Assert.Equal(1, await context.ModelVersions.CountAsync(Cancellation));
    }

    private async Task<Planner> TrainedAsync()
    {
        var planner = new Planner(servers);
        await planner.InitializeAsync();
        await planner.ImportAsync(TwoParts);
        Assert.Equal("completed", (await planner.TrainAsync()).GetProperty("state").GetString());
        return planner;
    }

    private static async Task DamageAsync(Planner planner, string? version = null)
    {
        await using var context = TestServers.ContextOn(planner.Database);
        Assert.Equal(1, await context.Database.ExecuteSqlAsync($"""
            UPDATE forecast.model_artifacts a SET bytes = set_byte(bytes, 0, get_byte(bytes, 0) # 1) FROM forecast.model_versions v
            WHERE v.id = a.model_version_id AND v.version LIKE {version ?? "%"}
            """, Cancellation));
    }
}
