using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Shabou.Gateway.Routing;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Routing;

/// <summary>The settings file of a running gateway is changed on the disk.</summary>
public sealed class RouteReloadTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shabou-routes-");
    private readonly GatewayFixture _fixture;
    private readonly GatewayHost _gateway;
    private HttpClient? _client;

    public RouteReloadTests(GatewayFixture fixture)
    {
        _fixture = fixture;
        File.Copy(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), SettingsFile);
        _gateway = fixture.Gateway(("contentRoot", _folder.FullName));
    }

    private string SettingsFile => Path.Combine(_folder.FullName, "appsettings.json");

    private HttpClient Client => _client!;

    private string? Refusal => _gateway.Services.GetRequiredService<RouteSource>().Refusal;

    public async ValueTask InitializeAsync() => _client = _gateway.Client(await _fixture.Postgres.IssueAsync());

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        await _gateway.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_good_change_takes_effect_without_a_restart()
    {
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("/api/v1/oddments"));
        Change(routes => routes["oddments"] = Route("/api/v1/oddments", "catalog"));
        await Until.TrueAsync(async () => await StatusAsync("/api/v1/oddments") == HttpStatusCode.OK, "the new route answers");
        Assert.Equal("Healthy", await HealthAsync());
    }

    [Fact]
    public async Task A_bad_change_changes_nothing_and_degrades_the_health_until_it_is_mended()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/api/v1/brands"));
        Change(routes =>
        {
            routes["oddments"] = Route("/api/v1/oddments", "catalog"); // good by itself, but the change is refused as a whole
            routes["brands"] = Route("/api/v1/brands/{**rest}", "warehouse");
        });
        await Until.TrueAsync(() => Refusal is not null, "the change is refused");
        Assert.Equal("Route 'brands' leads to cluster 'warehouse', which does not exist: set ReverseProxy:Routes:brands:ClusterId to one of catalog, forecast, prospector.", Refusal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/api/v1/brands"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("/api/v1/oddments"));
        Assert.Equal(1, _gateway.Gauge("shabou.gateway.routes_refused"));
        await Until.TrueAsync(async () => await HealthAsync() == "Degraded", "the health is degraded");

        Change(routes => routes["brands"] = Route("/api/v1/brands/{**rest}", "catalog"));
        await Until.TrueAsync(async () => await StatusAsync("/api/v1/oddments") == HttpStatusCode.OK, "the mended file is in use");
        Assert.Null(Refusal);
        Assert.Equal(0, _gateway.Gauge("shabou.gateway.routes_refused"));
        await Until.TrueAsync(async () => await HealthAsync() == "Healthy", "the health is good again");
    }

    [Fact]
    public async Task A_file_that_breaks_off_changes_nothing()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/api/v1/brands"));
        var whole = await File.ReadAllTextAsync(SettingsFile, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(SettingsFile, whole[..(whole.Length / 2)], TestContext.Current.CancellationToken);
        await Until.TrueAsync(() => Refusal is not null, "the file is refused");
        Assert.StartsWith("The file appsettings.json cannot be read: ", Refusal, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/api/v1/brands"));
        await File.WriteAllTextAsync(SettingsFile, whole, TestContext.Current.CancellationToken);
        await Until.TrueAsync(() => Refusal is null, "the whole file is in use");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/api/v1/brands"));
    }

    [Fact]
    public async Task A_file_without_routes_does_not_close_the_gateway()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/api/v1/brands"));
        await File.WriteAllTextAsync(SettingsFile, "{}", TestContext.Current.CancellationToken);
        await Until.TrueAsync(() => Refusal is not null, "the empty file is refused");
        Assert.Equal("There are no routes: set ReverseProxy:Routes.", Refusal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/api/v1/brands"));
    }

    private static JsonObject Route(string path, string cluster) => new()
    {
        ["ClusterId"] = cluster, ["Match"] = new JsonObject { ["Path"] = path },
        ["AuthorizationPolicy"] = "User", ["RateLimiterPolicy"] = "default", ["Timeout"] = "00:00:30",
    };

    private void Change(Action<JsonObject> change)
    {
        var settings = JsonNode.Parse(File.ReadAllText(SettingsFile))!;
        change(settings["ReverseProxy"]!["Routes"]!.AsObject());
        File.WriteAllText(SettingsFile, settings.ToJsonString());
    }

    private async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var response = await Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private Task<string> HealthAsync() => Client.GetStringAsync(new Uri("/health", UriKind.Relative), TestContext.Current.CancellationToken);
}
