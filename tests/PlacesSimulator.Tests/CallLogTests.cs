using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Shabou.PlacesSimulator.Tests;

public sealed class CallLogTests
{
    private static readonly object Query = new { textQuery = "garage Tunis" };

    [Fact]
    public async Task Every_call_is_written_down_in_order_with_what_it_asked_and_got()
    {
        var clock = new SetClock { Now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero) };
        using var simulator = new Simulator { Time = clock };
        using var caller = simulator.Caller();
        using var stranger = simulator.Caller(key: null);
        caller.DefaultRequestHeaders.Add("Idempotency-Key", "reservation-1");
        var first = await caller.SearchAsync(Query, "places.id,nextPageToken");
        await caller.SearchAsync(new { textQuery = "garage Tunis", pageToken = first.Body.Text("nextPageToken") }, "places.id");
        await stranger.SearchAsync(Query);
        await caller.FaultAsync(new { answer = "Error" });
        await caller.DetailsAsync("ChIJ00000000000000000000000", "id");
        await caller.DetailsAsync("ChIJ00000000000000000000000", "id");

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Simulator.Key)))[..16];
        Assert.Equal(
        [
            $"1 SearchText {hash} places.id,nextPageToken reservation-1 garage Tunis 0  200",
            $"2 SearchText {hash} places.id reservation-1 garage Tunis 20  200",
            $"3 SearchText  {Simulator.Everything}     403",
            $"4 GetPlace {hash} id reservation-1   error 500",
            $"5 GetPlace {hash} id reservation-1 ChIJ00000000000000000000000   404",
        ], (await caller.LogAsync()).Select(Line));
        Assert.All(await caller.LogAsync(), call => Assert.Equal(clock.Now, call.GetProperty("at").GetDateTimeOffset()));
    }

    [Fact]
    public async Task The_log_has_pages_and_as_many_calls_as_are_counted()
    {
        using var simulator = new Simulator();
        using var caller = simulator.Caller();
        await Task.WhenAll(Enumerable.Range(0, 25).Select(_ => caller.DetailsAsync("ChIJ00000000000000000000000", "id")));
        var numbers = new List<int>();
        for (int? after = 0; after is not null;)
        {
            var page = await caller.GetFromJsonAsync<JsonElement>($"/simulator/calls/log?after={after}&size=10", TestContext.Current.CancellationToken);
            numbers.AddRange(page.GetProperty("items").EnumerateArray().Select(call => call.GetProperty("number").GetInt32()));
            after = page.GetProperty("next").ValueKind == JsonValueKind.Null ? null : page.GetProperty("next").GetInt32();
        }
        Assert.Equal(Enumerable.Range(1, 25), numbers);
        Assert.Equal(25, (await caller.CountsAsync()).GetProperty("total").GetInt32());
        using var refused = await caller.GetAsync("/simulator/calls/log?size=0", TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)refused.StatusCode);
    }

    private static string Line(JsonElement call) =>
        string.Join(' ', ((string[])["number", "method", "keyHash", "fieldMask", "idempotencyKey", "subject", "offset", "fault", "status"]).Select(name => call.GetProperty(name).ToString()));
}
