using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Shabou.ProspectorService.Leads;
using Shabou.Testing;

namespace Shabou.ProspectorService.Tests;

public sealed class EndpointTests(TestServers servers)
{
    [Fact]
    public async Task The_budget_shows_caps_use_money_and_resets()
    {
        await using var rig = await Rig.NewAsync(servers);
        using var client = rig.Start(("Prospector:PlacesBudget:Prices:text-search-enterprise:FreePerMonth", "1")).SignedIn("USER");
        await Rig.RunAsync(client, await Rig.CreateCampaignAsync(client, ["Tunis"], ["garage"]));
        var budget = await client.GetFromJsonAsync<JsonElement>("/api/v1/budget", Rig.Cancellation);
        var day = budget.GetProperty("day");
        Assert.Equal((150, 3, 0, 147), (Int(day, "cap"), Int(day, "used"), Int(day, "reserved"), Int(day, "left")));
        var month = budget.GetProperty("month");
        Assert.Equal((4_500, 3, 4_497, 70_000), (Int(month, "cap"), Int(month, "used"), Int(month, "left"), Int(month, "spentMicros")));
        Assert.True(month.GetProperty("resetsAt").GetDateTimeOffset() >= day.GetProperty("resetsAt").GetDateTimeOffset());
        Assert.False(budget.GetProperty("killed").GetBoolean());
        Assert.Equal(35_000, Int(budget.GetProperty("prices")[0], "microsPerCall"));
    }

    [Fact]
    public async Task Only_an_administrator_who_has_read_the_switch_may_move_it()
    {
        await using var rig = await Rig.NewAsync(servers);
        var host = rig.Start();
        using var admin = host.SignedIn();
        using var user = host.SignedIn("USER");
        using var read = await admin.GetAsync("/api/v1/budget", Rig.Cancellation);
        var tag = read.Headers.ETag!.Tag;
        Assert.Equal(403, await SwitchAsync(user, tag, new { killed = true, reason = "test" }));
        Assert.Equal(428, await SwitchAsync(admin, null, new { killed = true, reason = "test" }));
        Assert.Equal(400, await SwitchAsync(admin, tag, new { killed = true, reason = " " }));
        Assert.Equal(400, await SwitchAsync(admin, tag, new { reason = "test" }));
        Assert.Equal(200, await SwitchAsync(admin, tag, new { killed = true, reason = "test" }));
        Assert.Equal(412, await SwitchAsync(admin, tag, new { killed = false, reason = "stale" }));
        var budget = await user.GetFromJsonAsync<JsonElement>("/api/v1/budget", Rig.Cancellation);
        Assert.True(budget.GetProperty("killed").GetBoolean());
        Assert.Equal("test-client", budget.GetProperty("changedBy").GetString());
    }

    [Fact]
    public async Task Without_the_gateways_word_every_endpoint_answers_401()
    {
        await using var rig = await Rig.NewAsync(servers);
        using var stranger = rig.Start().CreateClient(new() { BaseAddress = new Uri("https://localhost") });
        foreach (var path in (string[])["/api/v1/budget", "/api/v1/campaigns", "/api/v1/leads", $"/api/v1/jobs/{Guid.NewGuid()}"])
            Assert.Equal(401, (int)(await stranger.GetAsync(path, Rig.Cancellation)).StatusCode);
    }

    [Theory]
    [InlineData("""{"name":"","locations":["Sfax"],"queries":["garage"]}""")]
    [InlineData("""{"name":"n","locations":[],"queries":["garage"]}""")]
    [InlineData("""{"name":"n","locations":["Sfax","sfax "],"queries":["garage"]}""")]
    [InlineData("""{"name":"n","locations":["Sfax"],"queries":[null]}""")]
    [InlineData("""{"name":"n","locations":["Sfax"],"queries":["garage"],"pagesPerQuery":4}""")]
    [InlineData("""{"name":"n","locations":["Sfax"],"queries":["garage"],"languageCode":"de"}""")]
    [InlineData("""{"name":"n","locations":["Sfax"],"queries":["garage"],"colour":"red"}""")]
    [InlineData("{")]
    public async Task Campaigns_that_make_no_sense_are_refused(string body)
    {
        await using var rig = await Rig.NewAsync(servers);
        using var client = rig.Start().SignedIn();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/api/v1/campaigns", content, Rig.Cancellation);
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Campaigns_are_listed_found_and_unique_by_name()
    {
        await using var rig = await Rig.NewAsync(servers);
        using var client = rig.Start().SignedIn("USER");
        var body = new { name = "Nord", locations = new[] { "Bizerte" }, queries = new[] { "garage" }, pagesPerQuery = 2 };
        using var created = await client.PostAsJsonAsync("/api/v1/campaigns", body, Rig.Cancellation);
        Assert.Equal(409, (int)(await client.PostAsJsonAsync("/api/v1/campaigns", body, Rig.Cancellation)).StatusCode);
        var one = await client.GetFromJsonAsync<JsonElement>(created.Headers.Location, Rig.Cancellation);
        Assert.Equal(("Nord", 2), (one.GetProperty("name").GetString(), Int(one, "mostCallsPerRun")));
        var list = await client.GetFromJsonAsync<JsonElement>("/api/v1/campaigns", Rig.Cancellation);
        Assert.Single(list.GetProperty("items").EnumerateArray());
        Assert.Equal(404, (int)(await client.GetAsync($"/api/v1/campaigns/{Guid.NewGuid()}", Rig.Cancellation)).StatusCode);
        Assert.Equal(404, (int)(await client.PostAsync($"/api/v1/campaigns/{Guid.NewGuid()}/runs", null, Rig.Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Leads_are_paged_and_filtered()
    {
        await using var rig = await Rig.NewAsync(servers);
        using var client = rig.Start().SignedIn("USER");
        var tozeur = await Rig.CreateCampaignAsync(client, ["Tozeur"], ["pneus"]);
        var gafsa = await Rig.CreateCampaignAsync(client, ["Gafsa"], ["pneus"]);
        await Rig.RunAsync(client, tozeur);
        await Rig.RunAsync(client, gafsa);
        var all = await ListAsync(client, "size=7");
        Assert.Equal(all.Count, all.Distinct().Count());
        var one = await ListAsync(client, $"campaign={tozeur}");
        var other = await ListAsync(client, $"campaign={gafsa}&size=100");
        Assert.NotEmpty(one);
        Assert.Equal(all.Order(), one.Union(other).Order());
        Assert.Equal(all.Order(), (await ListAsync(client, "governorate=Tozeur")).Concat(await ListAsync(client, "governorate=Gafsa")).Order());
        Assert.Equal(all.Count, (await ListAsync(client, "stage=new")).Count);
        Assert.Empty(await ListAsync(client, "stage=customer"));
        foreach (var bad in (string[])["stage=rich", "size=0", "size=101", "after=nonsense"])
            Assert.Equal(400, (int)(await client.GetAsync($"/api/v1/leads?{bad}", Rig.Cancellation)).StatusCode);
        Assert.Equal(404, (int)(await client.GetAsync($"/api/v1/leads/{Guid.NewGuid()}", Rig.Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Googles_content_is_hidden_once_expired_then_purged_and_the_lead_stays()
    {
        await using var rig = await Rig.NewAsync(servers);
        var host = rig.Start();
        using var client = host.SignedIn();
        await Rig.RunAsync(client, await Rig.CreateCampaignAsync(client, ["Tozeur"], ["pneus"], 1));
        var id = (await ListAsync(client, ""))[0];
        var fresh = await client.GetFromJsonAsync<JsonElement>($"/api/v1/leads/{id}", Rig.Cancellation);
        Assert.NotEmpty(fresh.GetProperty("google").GetProperty("name").GetString()!);
        Assert.InRange(fresh.GetProperty("google").GetProperty("expiresAt").GetDateTimeOffset() - DateTimeOffset.UtcNow, TimeSpan.FromDays(28), TimeSpan.FromDays(30));

        await rig.SqlAsync($"UPDATE prospector.google_content SET expires_at = now() - interval '1 second'");
        var stale = await client.GetFromJsonAsync<JsonElement>($"/api/v1/leads/{id}", Rig.Cancellation);
        Assert.Equal(JsonValueKind.Null, stale.GetProperty("google").ValueKind);
        await using var scope = host.Services.CreateAsyncScope();
        Assert.True(await scope.ServiceProvider.GetRequiredService<ContentPurge>().PurgeAsync(Rig.Cancellation) > 0);
        Assert.Empty(rig.Database().GoogleContents);
        Assert.Equal(fresh.GetProperty("placeId").GetString(), (await client.GetFromJsonAsync<JsonElement>($"/api/v1/leads/{id}", Rig.Cancellation)).GetProperty("placeId").GetString());
    }

    [Fact]
    public async Task With_a_lifetime_of_zero_Googles_content_is_never_stored()
    {
        await using var rig = await Rig.NewAsync(servers);
        using var client = rig.Start(("Prospector:Leads:GoogleContentTtl", "00:00:00")).SignedIn();
        await Rig.RunAsync(client, await Rig.CreateCampaignAsync(client, ["Tozeur"], ["pneus"], 1));
        Assert.NotEmpty(await ListAsync(client, ""));
        Assert.Empty(rig.Database().GoogleContents);
    }

    private static async Task<int> SwitchAsync(HttpClient client, string? tag, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/budget/switch") { Content = JsonContent.Create(body) };
        if (tag is not null) request.Headers.TryAddWithoutValidation("If-Match", tag);
        return (int)(await client.SendAsync(request, Rig.Cancellation)).StatusCode;
    }

    private static async Task<List<Guid>> ListAsync(HttpClient client, string query)
    {
        var (ids, next) = (new List<Guid>(), "");
        do
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/leads?{query}{(next.Length > 0 ? $"&after={next}" : "")}", Rig.Cancellation);
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()));
            next = page.GetProperty("next").GetString() ?? "";
        }
        while (next.Length > 0);
        return ids;
    }

    private static int Int(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
