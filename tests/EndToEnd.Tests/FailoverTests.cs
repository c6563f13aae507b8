using System.Net;
using System.Net.Http.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.EntityFrameworkCore;

namespace Shabou.EndToEnd.Tests;

/// <summary>T04 of the register, with the whole system: the primary is killed, the command of the host promotes the standby, and clients write on.</summary>
public sealed class FailoverTests
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(15);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact, Trait("Category", "Faults")]
    public async Task After_the_primary_is_killed_the_promoted_standby_has_every_brand_that_was_created_and_takes_new_ones()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"shabou-standby-{Guid.NewGuid():N}");
        var app = new ShabouApp { Arguments = ["--standby", $"--Standby:Folder={folder}"] };
        try
        {
            await app.InitializeAsync();
            using var client = await app.NewClientAsync();
            var created = new List<string>();
            for (var i = 0; i < 20; i++) Assert.Equal(HttpStatusCode.Created, await CreateAsync(client, $"before-{i}", created));

            await PostgresProcesses.SignalAsync(app, "KILL");
            var begun = TimeProvider.System.GetTimestamp();
            var promotion = app.App.ResourceCommands.ExecuteCommandAsync("postgres-standby", "promote", Cancellation);
            var refused = new List<HttpStatusCode>();
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(700)); // a client may ask 100 times a minute
            for (var i = 0; await CreateAsync(client, $"after-{i}", created) is var status and not HttpStatusCode.Created; i++)
            {
                refused.Add(status);
                Assert.True(TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromMinutes(1), $"No write was accepted for a minute: {string.Join(", ", refused.Distinct())}.");
                await tick.WaitForNextTickAsync(Cancellation);
            }
            var back = TimeProvider.System.GetElapsedTime(begun);
            var result = await promotion;
            TestContext.Current.TestOutputHelper?.WriteLine($"writes back {back.TotalSeconds:0.0} s after the promotion began, {refused.Count} refused");

            Assert.True(result.Success, result.Message);
            Assert.True(back <= Promised, $"Writes were back after {back}.");
            Assert.All(refused, status => Assert.Equal(HttpStatusCode.ServiceUnavailable, status));
            await using var database = new Shabou.Schema.ShabouContext(new DbContextOptionsBuilder<Shabou.Schema.ShabouContext>().UseNpgsql(await app.App.GetConnectionStringAsync("shabou-owner", Cancellation)).Options);
            Assert.Empty(created.Except(await database.Brands.Select(b => b.Slug).ToListAsync(Cancellation)));
            Assert.False(await database.Database.SqlQuery<bool>($"""SELECT pg_is_in_recovery() AS "Value" """).SingleAsync(Cancellation));
        }
        finally
        {
            await app.DisposeAsync();
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<HttpStatusCode> CreateAsync(HttpClient client, string slug, List<string> created)
    {
        using var response = await client.PostAsJsonAsync("/api/v1/brands", new { slug, name = slug }, Cancellation);
        if (response.StatusCode == HttpStatusCode.Created) created.Add(slug);
        return response.StatusCode;
    }
}
