using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.Testing;

namespace Shabou.EndToEnd.Tests;

public sealed class ProspectingJourneyTests(ShabouApp app)
{
    private static readonly string[] Queries = ["garage automobile", "pièces détachées auto", "concessionnaire automobile"];
    private static readonly string[] Locations =
    [
        "Tunis", "Ariana", "Ben Arous", "Manouba", "Nabeul", "Zaghouan", "Bizerte", "Béja", "Jendouba", "Le Kef", "Siliana", "Sousse",
        "Monastir", "Mahdia", "Sfax", "Kairouan", "Kasserine", "Sidi Bouzid", "Gabès", "Médenine", "Tataouine", "Gafsa", "Tozeur", "Kébili",
    ];

    [Fact]
    public async Task A_campaign_that_wants_more_stops_exactly_at_the_daily_cap()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var client = await app.NewClientAsync();
        using var created = await client.PostAsJsonAsync("/api/v1/campaigns",
            new { name = "Toute la Tunisie", locations = Locations, queries = Queries, pagesPerQuery = 3 }, cancellation);
        Assert.True(created.StatusCode == HttpStatusCode.Created, await created.Content.ReadAsStringAsync(cancellation));
        using var started = await client.PostAsync($"{created.Headers.Location}/runs", content: null, cancellation);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        await ShabouApp.UntilCompletedAsync(client, started.Headers.Location!);

        Assert.Equal(150, await CallsAtSimulatorAsync()); // of up to 216
        var budget = await client.GetFromJsonAsync<JsonElement>("/api/v1/budget", cancellation);
        Assert.Contains("150", budget.GetRawText(), StringComparison.Ordinal);
        var leads = await client.GetFromJsonAsync<JsonElement>("/api/v1/leads?size=100", cancellation);
        Assert.Equal(100, leads.GetProperty("items").EnumerateArray().Select(l => l.GetProperty("placeId").GetString()).Distinct().Count());
    }

    private async Task<int> CallsAtSimulatorAsync()
    {
        using var simulator = app.App.CreateHttpClient("places", "https");
        simulator.DefaultRequestHeaders.Add("X-Goog-Api-Key", app.PlacesKey);
        var calls = await simulator.GetFromJsonAsync<JsonElement>("/simulator/calls", TestContext.Current.CancellationToken);
        return calls.GetProperty("total").GetInt32();
    }
}
