using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Shabou.PlacesSimulator.Tests;

public sealed class FaultTests
{
    private static readonly object Query = new { textQuery = "garage Tunis" };

    [Fact]
    public async Task An_unavailable_service_says_so_in_Googles_words()
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        await caller.FaultAsync(new { answer = "Unavailable" });
        (await caller.SearchAsync(Query)).IsError(503, "UNAVAILABLE");
    }

    [Fact]
    public async Task Malformed_answers_are_successes_that_no_client_can_read()
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        await caller.FaultAsync(new { answer = "Malformed", count = 4 });
        var bodies = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            using var response = await SendAsync(caller);
            Assert.Equal(200, (int)response.StatusCode);
            bodies.Add(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
        Assert.Equal(4, bodies.Distinct().Count());
        Assert.DoesNotContain(bodies, IsAnswer);
    }

    [Fact]
    public async Task An_oversized_answer_is_refused_by_a_client_that_bounds_what_it_reads()
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        caller.MaxResponseContentBufferSize = 1_000_000;
        await caller.FaultAsync(new { answer = "Oversized", count = 2 });
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(caller));
        Assert.Equal(HttpRequestError.ConfigurationLimitExceeded, error.HttpRequestError);
        using var patient = simulator.Caller();
        using var response = await SendAsync(patient);
        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.InRange(body.Length, 8_000_000, 9_000_000);
        Assert.True(IsAnswer(System.Text.Encoding.UTF8.GetString(body)));
    }

    [Fact]
    public async Task A_dropped_connection_has_no_status_and_is_counted()
    {
        using var simulator = new Simulator();
        simulator.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0)); // a connection of its own, which can be cut
        simulator.StartServer();
        using var caller = simulator.Caller();
        await caller.FaultAsync(new { answer = "Dropped" });
        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(caller));
        var call = Assert.Single(await caller.LogAsync());
        Assert.Equal("dropped", call.Text("fault"));
        Assert.False(call.TryGetProperty("status", out var status) && status.ValueKind != JsonValueKind.Null);
        Assert.Equal(200, (int)(await caller.SearchAsync(Query)).Status);
    }

    [Fact]
    public async Task A_slow_answer_is_the_right_one()
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        await caller.FaultAsync(new { answer = "Slow", count = 1, milliseconds = 50 });
        var slow = await caller.SearchAsync(Query);
        var quick = await caller.SearchAsync(Query);
        Assert.Equal(quick.Body.ToString(), slow.Body.ToString());
        Assert.Equal(["slow", null], (await caller.LogAsync()).Select(Fault));
    }

    [Fact]
    public async Task A_share_of_calls_fails_and_the_same_ones_in_every_run()
    {
        var first = await FaultsAsync(seed: 1);
        Assert.InRange(first.Count(fault => fault == "error"), 40, 80); // 20 % of 300: 46 to 74 in 95 of 100 seeds
        Assert.InRange(first.Count(fault => fault == "unavailable"), 15, 50); // 10 %
        Assert.Equal(first, await FaultsAsync(seed: 1));
        Assert.NotEqual(first, await FaultsAsync(seed: 2));

        static async Task<string?[]> FaultsAsync(int seed)
        {
            using var simulator = new Simulator();
            using var caller = simulator.Caller();
            (await caller.PostAsJsonAsync("/simulator/reset", new { seed }, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
            await caller.FaultAsync(new { answer = "Error", percent = 20 });
            await caller.FaultAsync(new { answer = "Unavailable", percent = 10 });
            for (var i = 0; i < 300; i++) await caller.DetailsAsync("ChIJ00000000000000000000000", "id");
            return [.. (await caller.LogAsync()).Select(Fault)];
        }
    }

    [Fact]
    public async Task A_fault_that_is_on_meets_every_call_until_it_is_off()
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        await caller.FaultAsync(new { answer = "DayQuota", percent = 100 });
        for (var i = 0; i < 3; i++) (await caller.SearchAsync(Query)).IsError(429, "RESOURCE_EXHAUSTED");
        await caller.FaultAsync(new { answer = "Error", count = 1 }); // what is promised to the next call comes first
        (await caller.SearchAsync(Query)).IsError(500, "INTERNAL");
        await caller.FaultAsync(new { answer = "DayQuota", percent = 0 });
        Assert.Equal(200, (int)(await caller.SearchAsync(Query)).Status);
    }

    [Fact]
    public async Task Shares_of_calls_do_not_pass_100_percent_together_and_can_be_read()
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        await caller.FaultAsync(new { answer = "Error", percent = 60 });
        using var refused = await caller.PostAsJsonAsync("/simulator/faults", new { answer = "Timeout", percent = 41 }, TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)refused.StatusCode);
        await caller.FaultAsync(new { answer = "Vanished", percent = 41 }); // of the places, not of the calls
        await caller.FaultAsync(new { answer = "Dropped", count = 2 });
        var view = await caller.GetFromJsonAsync<JsonElement>("/simulator/faults", TestContext.Current.CancellationToken);
        Assert.Equal("""{"waiting":2,"next":{"dropped":2},"percent":{"error":60,"vanished":41}}""", view.GetRawText());
    }

    private static string? Fault(JsonElement call) => call.TryGetProperty("fault", out var fault) ? fault.GetString() : null;

    private static bool IsAnswer(string body)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(body) is { ValueKind: JsonValueKind.Object } json && json.GetProperty("places").ValueKind == JsonValueKind.Array;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient caller)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/places:searchText") { Content = JsonContent.Create(Query) };
        request.Headers.Add("X-Goog-FieldMask", "places.id");
        return await caller.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
