using System.Net.Http.Json;
using System.Text.Json;
using Shabou.ProspectorService.Budgets;
using Shabou.Testing;
using static Shabou.ProspectorService.Budgets.BudgetDecision;

namespace Shabou.ProspectorService.Tests;

public sealed class BudgetCapsTests(TestServers servers)
{
    private const string Sku = PlacesSku.TextSearchEnterprise;

    [Fact]
    public async Task Lowered_caps_count_at_once_and_until_they_are_changed()
    {
        await using var rig = await Rig.NewAsync(servers);
        var (host, other) = (rig.Start(), rig.Budget());
        using var admin = host.SignedIn();
        Assert.Equal(200, await PutAsync(admin, new { callsPerDay = 1, microsPerMonth = 1_000_000, reason = "Careful." }));
        Assert.IsType<Granted>(await ReserveAsync(other, "a"));
        Assert.Equal(DenialReason.DayCap, Assert.IsType<Denied>(await ReserveAsync(other, "b")).Reason);
        var caps = (await ReadAsync(admin)).GetProperty("caps");
        Assert.Equal((1, 4_500, 1_000_000), Caps(caps.GetProperty("effective")));
        Assert.Equal((150, 4_500, 300_000_000), Caps(caps.GetProperty("configured")));
        Assert.Equal((300, 9_500, 500_000_000), Caps(caps.GetProperty("hardMost")));
        Assert.Equal(JsonValueKind.Null, caps.GetProperty("raisedUntil").ValueKind);
        await rig.TravelAsync(TimeSpan.FromDays(60));
        Assert.Equal(1, (await ReadAsync(admin)).GetProperty("day").GetProperty("cap").GetInt32());
        Assert.Equal(200, await PutAsync(admin, new { reason = "As configured." }));
        Assert.Equal(150, (await ReadAsync(admin)).GetProperty("day").GetProperty("cap").GetInt32());
    }

    [Fact]
    public async Task A_raised_cap_falls_back_by_itself_when_its_time_is_over()
    {
        await using var rig = await Rig.NewAsync(servers);
        var host = rig.Start(("Prospector:PlacesBudget:CallsPerDay", "2"));
        using var admin = host.SignedIn();
        var budget = (PlacesBudget)host.Services.GetService(typeof(PlacesBudget))!;
        var until = DateTimeOffset.UtcNow.AddHours(30);
        Assert.Equal(200, await PutAsync(admin, new { callsPerDay = 4, until, reason = "A trade fair." }));
        for (var i = 0; i < 4; i++) Assert.IsType<Granted>(await ReserveAsync(budget, $"raised-{i}"));
        Assert.IsType<Denied>(await ReserveAsync(budget, "above"));
        await rig.TravelAsync(TimeSpan.FromHours(25));
        Assert.Equal(until, (await ReadAsync(admin)).GetProperty("caps").GetProperty("raisedUntil").GetDateTimeOffset(), TimeSpan.FromMilliseconds(1));
        for (var i = 0; i < 3; i++) Assert.IsType<Granted>(await ReserveAsync(budget, $"second-{i}"));
        await rig.TravelAsync(TimeSpan.FromHours(30.1));
        var view = await ReadAsync(admin);
        Assert.Equal((2, 0), (view.GetProperty("day").GetProperty("cap").GetInt32(), view.GetProperty("last24Hours").GetProperty("left").GetInt32()));
        Assert.Equal(DenialReason.DayCap, Assert.IsType<Denied>(await ReserveAsync(budget, "fallen back")).Reason);
    }

    [Theory]
    [InlineData("""{"callsPerDay": -1, "reason": "r"}""", 400, "callsPerDay")]
    [InlineData("""{"microsPerMonth": -1, "reason": "r"}""", 400, "microsPerMonth")]
    [InlineData("""{"callsPerDay": 10}""", 400, "reason")]
    [InlineData("""{"callsPerDay": 10, "reason": " "}""", 400, "reason")]
    [InlineData("""{"callsPerHour": 10, "reason": "r"}""", 400, "callsPerHour")]
    [InlineData("""{"callsPerDay": 301, "until": "SOON", "reason": "r"}""", 422, "must not exceed 300")]
    [InlineData("""{"callsPerMonth": 9501, "until": "SOON", "reason": "r"}""", 422, "must not exceed 9500")]
    [InlineData("""{"microsPerMonth": 500000001, "until": "SOON", "reason": "r"}""", 422, "must not exceed 500000000")]
    [InlineData("""{"callsPerDay": 151, "reason": "r"}""", 422, "above the configured 150")]
    [InlineData("""{"callsPerDay": 151, "until": "PAST", "reason": "r"}""", 422, "must lie ahead")]
    [InlineData("""{"callsPerDay": 151, "until": "LATE", "reason": "r"}""", 422, "must lie ahead")]
    [InlineData("""{"callsPerDay": 100, "until": "SOON", "reason": "r"}""", 422, "leave it out")]
    public async Task Caps_that_nobody_may_set_are_refused_with_the_remedy(string body, int status, string says)
    {
        await using var rig = await Rig.NewAsync(servers);
        using var admin = rig.Start().SignedIn();
        var now = DateTimeOffset.UtcNow;
        body = body.Replace("SOON", now.AddDays(1).ToString("O"), StringComparison.Ordinal).Replace("PAST", now.AddDays(-1).ToString("O"), StringComparison.Ordinal)
            .Replace("LATE", now.AddDays(32).ToString("O"), StringComparison.Ordinal);
        using var response = await SendAsync(admin, "caps", JsonDocument.Parse(body).RootElement, await TagAsync(admin));
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(says, await response.Content.ReadAsStringAsync(Rig.Cancellation), StringComparison.Ordinal);
        Assert.Equal((150, 4_500, 300_000_000), Caps((await ReadAsync(admin)).GetProperty("caps").GetProperty("effective")));
    }

    [Fact]
    public async Task Only_an_administrator_who_has_read_the_caps_may_set_them()
    {
        await using var rig = await Rig.NewAsync(servers);
        var host = rig.Start();
        using var admin = host.SignedIn();
        using var user = host.SignedIn("USER");
        var tag = await TagAsync(admin);
        var body = new { callsPerDay = 10, reason = "r" };
        Assert.Equal(403, (int)(await SendAsync(user, "caps", body, tag)).StatusCode);
        Assert.Equal(428, (int)(await SendAsync(admin, "caps", body, null)).StatusCode);
        Assert.Equal(200, (int)(await SendAsync(admin, "caps", body, tag)).StatusCode);
        Assert.Equal(412, (int)(await SendAsync(admin, "caps", body, tag)).StatusCode);
        Assert.Equal(412, (int)(await SendAsync(admin, "switch", new { killed = true, reason = "r" }, tag)).StatusCode);
    }

    [Fact]
    public async Task Every_change_is_written_down_with_who_why_and_what_it_was_before_even_one_by_hand()
    {
        await using var rig = await Rig.NewAsync(servers);
        var host = rig.Start();
        using var admin = host.SignedIn();
        using var user = host.SignedIn("USER");
        await PutAsync(admin, new { callsPerDay = 10, reason = "Careful." });
        await SendAsync(admin, "switch", new { killed = true, reason = "Stop." }, await TagAsync(admin));
        await rig.SqlAsync($"UPDATE prospector.budget_switch SET killed = false");
        await ReserveAsync((PlacesBudget)host.Services.GetService(typeof(PlacesBudget))!, "a grant is no change");

        var list = await user.GetFromJsonAsync<JsonElement>("/api/v1/budget/changes?size=2", Rig.Cancellation);
        var items = list.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["revived", "killed"], items.Select(item => item.GetProperty("what").GetString()));
        Assert.NotEqual("test-client", items[0].GetProperty("actor").GetString());
        Assert.Equal(("test-client", "Stop."), (items[1].GetProperty("actor").GetString(), items[1].GetProperty("reason").GetString()));
        Assert.Matches("^[0-9a-f]{32}$", items[1].GetProperty("traceId").GetString());
        var rest = await user.GetFromJsonAsync<JsonElement>($"/api/v1/budget/changes?size=2&after={list.GetProperty("next").GetString()}", Rig.Cancellation);
        var caps = Assert.Single(rest.GetProperty("items").EnumerateArray());
        Assert.Equal("caps", caps.GetProperty("what").GetString());
        Assert.Equal((JsonValueKind.Null, 10), (caps.GetProperty("before").GetProperty("callsPerDay").ValueKind, caps.GetProperty("after").GetProperty("callsPerDay").GetInt32()));
        Assert.Equal(400, (int)(await user.GetAsync("/api/v1/budget/changes?after=nonsense", Rig.Cancellation)).StatusCode);
    }

    private static (int, int, int) Caps(JsonElement caps) =>
        (caps.GetProperty("callsPerDay").GetInt32(), caps.GetProperty("callsPerMonth").GetInt32(), caps.GetProperty("microsPerMonth").GetInt32());

    private static Task<JsonElement> ReadAsync(HttpClient client) => client.GetFromJsonAsync<JsonElement>("/api/v1/budget", Rig.Cancellation);

    private static async Task<string> TagAsync(HttpClient client)
    {
        using var read = await client.GetAsync("/api/v1/budget", Rig.Cancellation);
        return read.Headers.ETag!.Tag;
    }

    private static async Task<int> PutAsync(HttpClient client, object body) => (int)(await SendAsync(client, "caps", body, await TagAsync(client))).StatusCode;

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string what, object body, string? tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/budget/{what}") { Content = JsonContent.Create(body) };
        if (tag is not null) request.Headers.TryAddWithoutValidation("If-Match", tag);
        return await client.SendAsync(request, Rig.Cancellation);
    }

    private static Task<BudgetDecision> ReserveAsync(PlacesBudget budget, string key) => budget.ReserveAsync(Sku, key, jobId: null, Rig.Cancellation);
}
