using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Shabou.EndToEnd.Tests;

/// <summary>That the search at the end of the run (see <see cref="ShabouApp.DisposeAsync"/>) searches, and for what.</summary>
public sealed class CanaryTests(ShabouApp app)
{
    [Fact]
    public async Task A_secret_in_a_text_is_seen_and_not_repeated()
    {
        await using var canary = new Canary();
        var secret = Canary.NewSecret();
        canary.LookAt("a log", $"connected with {secret.ToUpperInvariant()}");
        canary.LookAt("a log", "connected");
        Assert.Equal(["a log: connected with ***"], canary.Sightings);
    }

    [Fact]
    public async Task Every_secret_parameter_of_the_system_is_such_a_secret()
    {
        var parameters = app.App.Services.GetRequiredService<DistributedApplicationModel>().Resources.OfType<ParameterResource>().Where(p => p.Secret).ToList();
        Assert.True(parameters.Count >= 8, $"Only {parameters.Count} secrets.");
        await using var canary = new Canary();
        foreach (var parameter in parameters)
            canary.LookAt(parameter.Name, await parameter.GetValueAsync(TestContext.Current.CancellationToken) ?? "");
        Assert.Equal(parameters.Count, canary.Sightings.Count);
    }

    [Fact]
    public async Task The_telemetry_of_the_services_is_searched()
    {
        using var client = await app.NewClientAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(0.7));
        while (app.Canary.TelemetryBytes < 10_000)
        {
            await tick.WaitForNextTickAsync(limit.Token);
            (await client.GetAsync("/api/v1/products?size=1", limit.Token)).Dispose();
        }
    }
}
