using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shabou.ProspectorService.Budgets;
using Shabou.ProspectorService.Campaigns;
using Shabou.Schema.Prospector;
using Shabou.Testing;

namespace Shabou.ProspectorService.Tests;

public sealed class CampaignTests(TestServers servers)
{
    private const string Address = "/api/v1/campaigns";

    [Fact]
    public async Task A_campaign_is_made_of_a_trade_and_governorates_and_says_what_a_run_costs()
    {
        await using var desk = await LeadDesk.OpenAsync(servers);
        var presets = await desk.User.GetFromJsonAsync<JsonElement>($"{Address}/presets", Rig.Cancellation);
        Assert.Equal(24, presets.GetProperty("governorates").GetArrayLength());
        Assert.Superset(new HashSet<string?> { "parts-shops", "garages", "tyre-shops", "dealers" }, presets.GetProperty("presets").EnumerateArray().Select(p => p.GetProperty("code").GetString()).ToHashSet());

        var (status, all) = await desk.PostAsync(Address, new { name = "Partout", preset = "parts-shops", governorates = new[] { "all" }, locations = new[] { "La Marsa" }, pagesPerQuery = 2 });
        Assert.Equal((201, 75, 150), (status, all.GetProperty("searches").GetInt32(), all.GetProperty("mostCallsPerRun").GetInt32()));
        Assert.Equal("0 0 3 1 * ?", all.GetProperty("schedule").GetString());
        Assert.True(all.GetProperty("nextSweepFrom").GetDateTimeOffset() > DateTimeOffset.UtcNow);
        var (_, some) = await desk.PostAsync(Address, new { name = "Sud", preset = "garages", queries = new[] { "carrosserie" }, governorates = new[] { "TN-81", "medenine", "تطاوين" }, schedule = "off" });
        Assert.Equal(["Gabès", "Médenine", "Tataouine"], Texts(some, "locations"));
        Assert.Equal("carrosserie", Texts(some, "queries").Last());
        Assert.Equal(JsonValueKind.Null, some.GetProperty("nextSweepFrom").ValueKind);
    }

    [Theory]
    [InlineData("""{"name":"n","queries":["garage"]}""", 400)]
    [InlineData("""{"name":"n","locations":["Sfax"]}""", 400)]
    [InlineData("""{"name":"n","locations":["Sfax"],"queries":["garage"],"schedule":"often"}""", 400)]
    [InlineData("""{"name":"n","locations":["Sfax"],"queries":["garage"],"schedule":"0 0 3 1 * ? 2019"}""", 400)]
    [InlineData("""{"name":"n","locations":["Sfax"],"queries":["garage"],"scheduleReason":"x"}""", 400)]
    [InlineData("""{"name":"n","locations":["Sfax"],"queries":["garage"],"grid":{"south":36,"west":10,"north":36.1,"east":10.1,"cellKm":5}}""", 400)]
    [InlineData("""{"name":"n","queries":["garage"],"grid":{"south":36,"west":10,"north":36.1,"east":10.1}}""", 400)]
    [InlineData("""{"name":"n","queries":["garage"],"grid":{"south":36.2,"west":10,"north":36.1,"east":10.1,"cellKm":5}}""", 400)]
    [InlineData("""{"name":"n","queries":["garage"],"grid":{"south":48.8,"west":2.3,"north":48.9,"east":2.4,"cellKm":5}}""", 400)]
    [InlineData("""{"name":"n","queries":["garage"],"grid":{"south":36,"west":10,"north":37,"east":11,"cellKm":5}}""", 400)]
    [InlineData("""{"name":"n","queries":["garage"],"grid":{"centre":{"latitude":36.8},"radiusKm":5,"cellKm":5}}""", 400)]
    [InlineData("""{"name":"n","locations":["Sfax"],"preset":"restaurants"}""", 422)]
    [InlineData("""{"name":"n","governorates":["La Marsa"],"preset":"garages"}""", 422)]
    [InlineData("""{"name":"n","locations":["Sfax"],"queries":["garage"],"schedule":"0 0 3 ? * MON"}""", 422)]
    [InlineData("""{"name":"n","locations":["Sfax"],"queries":["garage"],"schedule":"0 0 3 ? * MON","scheduleReason":"new quarter, see Sami"}""", 201)]
    [InlineData("""{"name":"n","queries":["garage"],"grid":{"centre":{"latitude":36.8,"longitude":10.18},"radiusKm":5,"cellKm":5}}""", 201)]
    public async Task A_campaign_says_what_and_where_and_is_not_swept_more_than_monthly_without_a_reason(string body, int expected)
    {
        await using var desk = await LeadDesk.OpenAsync(servers);
        Assert.Equal(expected, (await desk.PostAsync(Address, body)).Status);
    }

    [Fact]
    public async Task A_sweep_that_a_month_cannot_pay_for_is_refused()
    {
        await using var desk = await LeadDesk.OpenAsync(servers, ("Prospector:PlacesBudget:CallsPerDay", "50"), ("Prospector:PlacesBudget:CallsPerMonth", "100"));
        Assert.Equal(422, (await desk.PostAsync(Address, new { name = "Partout", preset = "parts-shops", governorates = new[] { "all" } })).Status);
        Assert.Equal(201, (await desk.PostAsync(Address, new { name = "Partout", preset = "parts-shops", governorates = new[] { "all" }, pagesPerQuery = 1 })).Status);
    }

    [Fact]
    public void A_grid_covers_its_area_without_gaps_in_cells_that_are_small_enough()
    {
        var grid = SearchGrid.Around(36.8, 10.18, radiusKm: 10, cellKm: 5);
        Assert.Equal(16, grid.Cells);
        var cells = Enumerable.Range(0, grid.Cells).Select(grid.Cell).ToList();
        Assert.Equal((grid.South, grid.West), (cells[0].South, cells[0].West));
        Assert.Equal((grid.North, grid.East), (cells[^1].North, cells[^1].East));
        Assert.Equal((grid.North - grid.South) * (grid.East - grid.West), cells.Sum(cell => (cell.North - cell.South) * (cell.East - cell.West)), 9);
        Assert.Equal(16, cells.Distinct().Count());
        Assert.All(cells, cell => Assert.InRange((cell.North - cell.South) * 111.195, 4.9, 5.001));
        Assert.Equal(grid, SearchGrid.Parse(grid.ToJson()));
    }

    [Fact]
    public async Task A_grid_finds_what_lies_in_it_and_more_than_one_search_would()
    {
        await using var desk = await LeadDesk.OpenAsync(servers);
        var (_, campaign) = await desk.PostAsync(Address, new { name = "Tunis", queries = new[] { "garage" }, grid = new { centre = new { latitude = 36.8008, longitude = 10.18 }, radiusKm = 2, cellKm = 1 } });
        var run = await Rig.RunAsync(desk.User, campaign.GetProperty("id").GetGuid());
        Assert.Equal(("completed", 16), (run.GetProperty("state").GetString(), run.GetProperty("searchesDone").GetInt32()));
        var found = await desk.Rig.Database().GoogleContents.ToListAsync(Rig.Cancellation);
        Assert.True(found.Count > 60, $"{found.Count} found");
        var grid = SearchGrid.Around(36.8008, 10.18, 2, 1);
        Assert.All(found, place => Assert.True(place.Latitude >= grid.South && place.Latitude <= grid.North && place.Longitude >= grid.West && place.Longitude <= grid.East));
        Assert.All(await desk.Rig.Database().Leads.ToListAsync(Rig.Cancellation), lead => Assert.Contains(lead.Governorate, (string[])["Tunis", "La Manouba", "Ariana", "Ben Arous"]));
    }

    [Fact]
    public async Task A_campaign_is_replaced_and_deleted_under_the_version_that_was_read_and_its_leads_stay()
    {
        await using var desk = await LeadDesk.OpenAsync(servers);
        var (_, made) = await desk.PostAsync(Address, new { name = "Nord", locations = new[] { "Tozeur" }, queries = new[] { "pneus" }, pagesPerQuery = 1 });
        var id = made.GetProperty("id").GetGuid();
        var one = $"{Address}/{id}";
        var tag = await desk.TagAsync(one);
        var body = new { name = "Sud", locations = new[] { "Tozeur" }, queries = new[] { "pneus" }, pagesPerQuery = 1, schedule = "off" };
        Assert.Equal(428, (await desk.SendAsync(HttpMethod.Put, one, body, tag: "")).Status);
        Assert.Equal(409, (await desk.SendAsync(HttpMethod.Put, one, new { name = "desk", locations = new[] { "Tozeur" }, queries = new[] { "pneus" } }, tag)).Status);
        var (status, replaced) = await desk.SendAsync(HttpMethod.Put, one, body, tag);
        Assert.Equal((200, "Sud", JsonValueKind.Null), (status, replaced.GetProperty("name").GetString(), replaced.GetProperty("schedule").ValueKind));
        Assert.Equal(412, (await desk.SendAsync(HttpMethod.Put, one, body, tag)).Status);
        await Rig.RunAsync(desk.User, id);
        var leads = await desk.LeadsAsync();
        Assert.Equal(412, (await desk.SendAsync(HttpMethod.Delete, one, tag: tag)).Status);
        Assert.Equal(204, (await desk.SendAsync(HttpMethod.Delete, one)).Status);
        Assert.Equal((404, leads), ((int)(await desk.User.GetAsync(one, Rig.Cancellation)).StatusCode, await desk.LeadsAsync()));
        var audit = await desk.Rig.Database().AuditEntries.Where(e => e.RowId == id).OrderBy(e => e.Id).Select(e => e.Action + " by " + e.Actor).ToListAsync(Rig.Cancellation);
        Assert.Equal(["created by test-client", "updated by test-client", "deleted by test-client"], audit);
    }

    [Fact]
    public async Task A_campaign_that_sweeps_is_left_alone_and_one_whose_job_is_gone_is_not()
    {
        await using var desk = await LeadDesk.OpenAsync(servers);
        var id = await Rig.CreateCampaignAsync(desk.User, ["Tunis"], ["garage"], 1);
        await desk.Rig.Simulator.FaultAsync("Timeout", 1);
        await Rig.StartRunAsync(desk.User, id);
        Assert.Equal(409, (await desk.SendAsync(HttpMethod.Delete, $"{Address}/{id}")).Status);
        Assert.Equal(409, (await desk.SendAsync(HttpMethod.Put, $"{Address}/{id}", new { name = "x", preset = "garages", governorates = new[] { "11" } })).Status);
        await desk.Rig.SqlAsync($"DELETE FROM jobs.jobs");
        Assert.Equal(204, (await desk.SendAsync(HttpMethod.Delete, $"{Address}/{id}")).Status);
    }

    [Fact]
    public async Task Replicas_that_look_for_due_campaigns_together_start_each_once_a_month()
    {
        await using var rig = await Rig.NewAsync(servers);
        var (one, other) = (rig.Start(), rig.Start());
        using var client = one.SignedIn();
        var due = await Rig.CreateCampaignAsync(client, ["Tozeur"], ["pneus"], 1);
        var fresh = await Rig.CreateCampaignAsync(client, ["Kébili"], ["pneus"], 1); // scheduled now: not before the first of next month
        await rig.SqlAsync($"UPDATE prospector.campaigns SET scheduled_since = now() - interval '3 months' WHERE id = {due}");

        var started = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => LookAsync(i % 2 == 0 ? one : other)));
        Assert.Equal(1, started.Sum());
        var run = await rig.Database().CampaignRuns.SingleAsync(Rig.Cancellation);
        Assert.Equal(due, run.CampaignId);
        Assert.Matches("^[0-9]{4}-[0-9]{2}$", run.DuePeriod);
        await Rig.UntilAsync(async () => await rig.Database().CampaignRuns.AllAsync(r => r.State == CampaignRunState.Completed, Rig.Cancellation));
        Assert.Equal(0, await LookAsync(other)); // this month is done

        await rig.SqlAsync($"UPDATE prospector.campaign_runs SET due_period = '2001-01'"); // as if that had been another month
        Assert.Equal(1, await LookAsync(other));
        Assert.DoesNotContain(fresh, await rig.Database().CampaignRuns.Select(r => r.CampaignId).ToListAsync(Rig.Cancellation));
    }

    private static async Task<int> LookAsync(ServiceHost<PlacesBudget> host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<DueCampaigns>().StartAsync(Rig.Cancellation);
    }

    private static IEnumerable<string?> Texts(JsonElement json, string name) => json.GetProperty(name).EnumerateArray().Select(text => text.GetString());
}
