using System.Security.Cryptography;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Microsoft.EntityFrameworkCore;
using Shabou.EndToEnd.Tests;
using Shabou.Schema;
using Shabou.Schema.Identity;

[assembly: AssemblyFixture(typeof(ShabouApp))]
[assembly: CollectionBehavior(DisableTestParallelization = true)] // the journeys share one system, and some stop parts of it

namespace Shabou.EndToEnd.Tests;

/// <summary>The whole system, started once for all journeys: random ports, its own data folder. The only code that starts it.</summary>
public sealed class ShabouApp : IAsyncLifetime
{
    private static readonly string[] Services = ["catalog", "forecast", "prospector", "places", "gateway"];
    private DistributedApplication? _app;

    public DistributedApplication App => _app ?? throw new InvalidOperationException("The system did not start.");

    /// <summary>What the services wrote to their consoles.</summary>
    public ServiceLogs Logs { get; } = new();

    /// <summary>The administrator's key, as the parameter admin-api-key.</summary>
    public string AdminKey { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>The simulator's key, to read its counter of calls.</summary>
    public string PlacesKey { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    public async ValueTask InitializeAsync()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [$"--Parameters:admin-api-key={AdminKey}", $"--Parameters:places-simulator-key={PlacesKey}"]);
        _app = await builder.BuildAsync();
        await _app.StartAsync().WaitAsync(TimeSpan.FromMinutes(3));
        foreach (var service in Services)
        {
            await WaitUntilHealthyAsync(service);
            Logs.Follow(_app, service);
        }
    }

    public Task WaitUntilHealthyAsync(string resource) =>
        App.ResourceNotifications.WaitForResourceHealthyAsync(resource).WaitAsync(TimeSpan.FromMinutes(2));

    /// <summary>A client at the gateway without a key.</summary>
    public HttpClient Anonymous() => App.CreateHttpClient("gateway", "https");

    /// <summary>A client with a key of its own, so that it has a rate limit of its own.</summary>
    public async Task<HttpClient> NewClientAsync(ApiKeyRole role = ApiKeyRole.Admin)
    {
        var key = await NewKeyAsync(role);
        var client = Anonymous();
        client.DefaultRequestHeaders.Add("X-Api-Key", key);
        return client;
    }

    /// <summary>A valid API key that nobody has used.</summary>
    public async Task<string> NewKeyAsync(ApiKeyRole role = ApiKeyRole.Admin)
    {
        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await using var context = await DatabaseAsync();
        context.ApiKeys.Add(new()
        {
            Id = Guid.CreateVersion7(), Name = "journey", Prefix = key[..ApiKey.PrefixLength], Hash = ApiKey.HashOf(key), Role = role, CreatedAt = DateTimeOffset.UtcNow,
        });
        await context.SaveChangesAsync();
        return key;
    }

    /// <summary>The database as its owner sees it.</summary>
    public async Task<ShabouContext> DatabaseAsync() =>
        new(new DbContextOptionsBuilder<ShabouContext>().UseNpgsql(await App.GetConnectionStringAsync("shabou")).Options);

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
    }
}
