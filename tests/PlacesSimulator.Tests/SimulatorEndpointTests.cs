using System.Net.Http.Json;
using System.Text.Json;

namespace Shabou.PlacesSimulator.Tests;

public sealed class SimulatorEndpointTests
{
    private static readonly object Query = new { textQuery = "garage Tunis" };

    [Fact]
    public async Task Every_call_is_counted_by_day_method_and_status()
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        using var stranger = simulator.Caller("another-key");
        await caller.SearchAsync(Query);
        await caller.SearchAsync(Query);
        await caller.SearchAsync(Query, mask: null);
        await stranger.SearchAsync(Query);
        await caller.DetailsAsync("ChIJ00000000000000000000000", "id");
        var counts = await caller.CountsAsync();
        Assert.Equal(5, counts.GetProperty("total").GetInt32());
        Assert.Equal(5, counts.GetProperty("perDay").EnumerateObject().Sum(day => day.Value.GetInt32()));
        Assert.Equal("""{"200":2,"400":1,"403":1}""", Compact(counts.GetProperty("byMethod").GetProperty("SearchText")));
        Assert.Equal("""{"404":1}""", Compact(counts.GetProperty("byMethod").GetProperty("GetPlace")));
    }

    [Fact]
    public async Task Faults_answer_the_next_calls_in_order_and_then_all_is_well()
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        await caller.FaultAsync(new { answer = "DayQuota" });
        await caller.FaultAsync(new { answer = "Error", count = 2 });
        await caller.FaultAsync(new { answer = "MinuteQuota", count = 1 });
        var day = await caller.SearchAsync(Query);
        day.IsError(429, "RESOURCE_EXHAUSTED");
        Assert.Contains("PerDay", day.Body.ToString(), StringComparison.Ordinal);
        (await caller.SearchAsync(Query)).IsError(500, "INTERNAL");
        (await caller.SearchAsync(Query)).IsError(500, "INTERNAL");
        Assert.Contains("PerMinute", (await caller.SearchAsync(Query)).Body.ToString(), StringComparison.Ordinal);
        Assert.Equal(200, (int)(await caller.SearchAsync(Query)).Status);
    }

    [Fact]
    public async Task A_timeout_gives_no_answer_but_is_counted()
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        await caller.FaultAsync(new { answer = "Timeout", count = 1 });
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/places:searchText") { Content = JsonContent.Create(Query) };
        request.Headers.Add("X-Goog-FieldMask", "places.id");
        var pending = caller.SendAsync(request, impatient.Token);
        while ((await caller.CountsAsync()).GetProperty("total").GetInt32() == 0) await Task.Yield(); // the call has arrived
        Assert.False(pending.IsCompleted);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        Assert.Equal("""{"none":1}""", Compact((await caller.CountsAsync()).GetProperty("byMethod").GetProperty("SearchText")));
    }

    [Theory]
    [InlineData("""{"answer":"Error","count":0}""")]
    [InlineData("""{"answer":"Error","count":10001}""")]
    [InlineData("""{"answer":"Error","count":1,"percent":10}""")]
    [InlineData("""{"answer":"Error","percent":101}""")]
    [InlineData("""{"answer":"Slow","milliseconds":0}""")]
    [InlineData("""{"answer":"Fire"}""")]
    [InlineData("""{"answer":"Error","colour":"red"}""")]
    [InlineData("")]
    public async Task Unknown_faults_are_refused(string body)
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await caller.PostAsync("/simulator/faults", content, TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)response.StatusCode);
    }

    [Fact]
    public async Task Reset_forgets_calls_faults_and_quotas()
    {
        using var simulator = new Simulator(("Places:CallsPerDay", "1"));
        using var caller = simulator.Caller();
        await caller.SearchAsync(Query);
        (await caller.SearchAsync(Query)).IsError(429, "RESOURCE_EXHAUSTED");
        await caller.FaultAsync(new { answer = "Error", count = 5 });
        await caller.FaultAsync(new { answer = "Timeout", percent = 100 });
        (await caller.PostAsync("/simulator/reset", null, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        Assert.Equal(0, (await caller.CountsAsync()).GetProperty("total").GetInt32());
        Assert.Equal(200, (int)(await caller.SearchAsync(Query)).Status);
    }

    [Fact]
    public async Task Quotas_can_be_changed_until_the_next_reset()
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        await caller.SearchAsync(Query);
        (await caller.PutAsJsonAsync("/simulator/quotas", new { callsPerMinute = 600, callsPerDay = 1 }, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        (await caller.SearchAsync(Query)).IsError(429, "RESOURCE_EXHAUSTED");
        using var refused = await caller.PutAsJsonAsync("/simulator/quotas", new { callsPerDay = 1 }, TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)refused.StatusCode);
        (await caller.PostAsync("/simulator/reset", null, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        await caller.SearchAsync(Query);
        Assert.Equal(200, (int)(await caller.SearchAsync(Query)).Status);
    }

    private static string Compact(JsonElement counts) =>
        JsonSerializer.Serialize(counts.EnumerateObject().OrderBy(count => count.Name, StringComparer.Ordinal).ToDictionary(count => count.Name, count => count.Value.GetInt32()));
}
