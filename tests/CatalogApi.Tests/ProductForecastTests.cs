using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shabou.CatalogApi.Products;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.Testing;

namespace Shabou.CatalogApi.Tests;

public sealed class ProductForecastTests(TestServers servers) : IAsyncLifetime
{
    private const string BreakDuration = "00:00:01";
    private static readonly Guid s_part = Guid.Parse("019a0000-0000-7000-8000-000000000001");

    private Forecaster _forecaster = null!;
    private ServiceHost<ProductView> _host = null!;
    private HttpClient _client = null!;
    private string _database = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _forecaster = await Forecaster.StartAsync(Cancellation);
        _database = await servers.CreateDatabaseAsync();
        await using (var context = TestServers.ContextOn(_database))
        {
            var (brand, category) = (new Brand { Id = Guid.CreateVersion7(), Name = "Bosch", Slug = "bosch" }, new Category { Id = Guid.CreateVersion7(), NameFr = "F", NameAr = "ف", Slug = "f", Path = "f/" });
            context.AddRange(brand, category, new Product
            {
                Id = s_part, Sku = "A/B-1", NameFr = "Filtre", NameAr = "مصفاة", BrandId = brand.Id, CategoryId = category.Id,
                Price = Money.Tnd(10), VatRate = 19, CreatedAt = DateTimeOffset.UtcNow, UpdatedAt = DateTimeOffset.UtcNow,
            });
            await context.SaveChangesAsync(Cancellation);
        }
        Start();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
        await _forecaster.DisposeAsync();
    }

    [Fact]
    public async Task A_fresh_forecast_is_passed_on_and_kept()
    {
        using var response = await GetAsync("?horizon=6");
        var forecast = await ReadAsync(response);
        Assert.False(forecast.GetProperty("stale").GetBoolean());
        Assert.Equal(0, forecast.GetProperty("ageSeconds").GetInt64());
        Assert.Equal(1.5, forecast.GetProperty("steps")[0].GetProperty("mean").GetDouble());
        Assert.False(response.Headers.Contains("Warning"));
        Assert.Equal(("/api/v1/forecasts/A%2FB-1?horizon=6", _client.DefaultRequestHeaders.Authorization!.ToString()), Assert.Single(_forecaster.Asked)); // one segment, on behalf of the caller
        await using var context = TestServers.ContextOn(_database);
        Assert.Equal(6, (await context.ForecastCopies.SingleAsync(Cancellation)).Horizon);
    }

    [Fact]
    public async Task An_unchanged_forecast_is_written_once_and_a_changed_one_again()
    {
        var first = await VersionAfterAsync();
        Assert.Equal(first, await VersionAfterAsync());
        _forecaster.Mean = 2;
        Assert.NotEqual(first, await VersionAfterAsync());

        async Task<string> VersionAfterAsync()
        {
            (await GetAsync()).Dispose();
            await using var context = TestServers.ContextOn(_database);
            return await context.Database.SqlQuery<string>($"SELECT xmin::text AS \"Value\" FROM catalog.forecast_copies").SingleAsync(Cancellation);
        }
    }

    [Fact]
    public async Task While_the_forecaster_is_away_the_last_good_forecast_comes_back_stale_even_after_a_restart()
    {
        (await GetAsync()).Dispose();
        _forecaster.Answer = _ => HttpStatusCode.ServiceUnavailable;
        await AssertStaleAsync();
        await _host.DisposeAsync();
        await using (var context = TestServers.ContextOn(_database))
            await context.ForecastCopies.ExecuteUpdateAsync(set => set.SetProperty(c => c.FetchedAt, DateTimeOffset.UtcNow.AddHours(-1)), Cancellation);
        Start();
        Assert.InRange((await AssertStaleAsync()).GetProperty("ageSeconds").GetInt64(), 3_600, 3_700);
        await _forecaster.DisposeAsync(); // no connection at all
        await AssertStaleAsync();
    }

    [Fact]
    public async Task A_part_that_was_never_forecast_is_not_available_while_the_forecaster_is_away()
    {
        _forecaster.Answer = _ => HttpStatusCode.InternalServerError;
        using var response = await GetAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("/problems/service-unavailable", (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("type").GetString());
    }

    [Fact]
    public async Task What_the_forecaster_refuses_is_refused_and_never_stale()
    {
        (await GetAsync()).Dispose();
        _forecaster.Answer = _ => HttpStatusCode.NotFound;
        using var missing = await GetAsync();
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Contains("As told.", await missing.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        _forecaster.Answer = _ => HttpStatusCode.BadRequest;
        using var tooFar = await GetAsync("?horizon=900");
        Assert.Equal(HttpStatusCode.BadRequest, tooFar.StatusCode);
        var asked = _forecaster.Calls;
        using var invalid = await GetAsync("?horizon=0");
        Assert.Equal(HttpStatusCode.BadRequest, invalid.StatusCode);
        using var unknown = await _client.GetAsync($"/api/v1/products/{Guid.CreateVersion7()}/forecast", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(asked, _forecaster.Calls);
    }

    [Fact]
    public async Task A_forecaster_that_hangs_holds_nobody_longer_than_the_patience()
    {
        (await GetAsync()).Dispose();
        var hold = new TaskCompletionSource();
        _forecaster.Hold = hold.Task;
        await AssertStaleAsync(); // the forecaster has not answered: it waits for the line below
        _forecaster.Mean = 7;
        hold.SetResult();
        // The answer nobody waited for is kept all the same.
        _forecaster.Answer = _ => HttpStatusCode.NotFound;
        var deadline = DateTime.UtcNow.AddSeconds(20);
        var kept = _host.Services.GetRequiredService<Forecasts.KeptForecasts>();
        await using var context = TestServers.ContextOn(_database);
        while (!System.Text.Encoding.UTF8.GetString((await kept.FindAsync(s_part, null, context, Cancellation))!.Body).Contains("\"mean\":7", StringComparison.Ordinal))
            Assert.True(DateTime.UtcNow < deadline, "The late answer was not kept.");
    }

    [Fact]
    public async Task Half_of_the_calls_failing_opens_the_breaker_and_a_probe_closes_it()
    {
        (await GetAsync()).Dispose();
        Assert.Equal(0, CircuitState());
        _forecaster.Answer = call => call % 2 == 0 ? HttpStatusCode.InternalServerError : HttpStatusCode.OK;
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (CircuitState() != 2)
        {
            Assert.True(DateTime.UtcNow < deadline, $"Not open after {_forecaster.Calls} calls.");
            (await GetAsync()).Dispose();
        }
        Assert.InRange(_forecaster.Calls, 20, 45);

        // Open: everybody is answered, nobody asks. The break may end meanwhile; then a probe goes through and fails.
        _forecaster.Answer = _ => HttpStatusCode.InternalServerError;
        var calls = _forecaster.Calls;
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ => await AssertStaleAsync()));
        Assert.Equal(100, answers.Length);
        Assert.InRange(_forecaster.Calls - calls, 0, 5);

        _forecaster.Answer = _ => HttpStatusCode.OK;
        var healed = _forecaster.Calls;
        JsonElement forecast;
        do
        {
            Assert.True(DateTime.UtcNow < deadline, "The breaker did not close.");
            using var response = await GetAsync();
            forecast = await ReadAsync(response);
        }
        while (forecast.GetProperty("stale").GetBoolean());
        Assert.Equal(0, CircuitState());
        Assert.Equal(1, _forecaster.Calls - healed); // the probe, and it sufficed
    }

    private void Start()
    {
        _host = new ServiceHost<ProductView>(_database, ("ConnectionStrings:redis", servers.Redis), ("Services:forecast:http:0", _forecaster.Address),
            ("HttpResilience:CircuitBreaker:BreakDuration", BreakDuration), ("HttpResilience:Retry:Delay", "00:00:00.001"));
        _client = _host.SignedIn();
    }

    private Task<HttpResponseMessage> GetAsync(string query = "") => _client.GetAsync($"/api/v1/products/{s_part}/forecast{query}", Cancellation);

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync(Cancellation));
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }

    private async Task<JsonElement> AssertStaleAsync()
    {
        using var response = await GetAsync();
        var forecast = await ReadAsync(response);
        Assert.True(forecast.GetProperty("stale").GetBoolean());
        Assert.True(forecast.GetProperty("ageSeconds").GetInt64() >= 0);
        Assert.StartsWith("110", Assert.Single(response.Headers.GetValues("Warning")), StringComparison.Ordinal);
        return forecast;
    }

    /// <summary>As a collector would read it now.</summary>
    private int? CircuitState()
    {
        int? state = null;
        var scope = _host.Services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => { if (instrument.Name == "shabou.http.circuit_state" && instrument.Meter.Scope == scope) l.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<int>((_, value, tags, _) =>
        {
            foreach (var tag in tags) if (tag is { Key: "host", Value: "forecast" }) state = value;
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return state;
    }
}
