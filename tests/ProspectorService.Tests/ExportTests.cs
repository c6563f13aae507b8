using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shabou.Testing;
using static Shabou.ProspectorService.Tests.LeadDesk;

namespace Shabou.ProspectorService.Tests;

public sealed class ExportTests(TestServers servers)
{
    private const string Address = "/api/v1/leads/export";

    [Fact]
    public async Task An_export_is_written_down_with_who_what_for_which_and_how_many_before_it_leaves()
    {
        await using var desk = await OpenAsync(servers);
        await desk.StoreAsync(Place("a"), Place("b"), Place("c", status: null, types: "restaurant"));
        var leads = await desk.User.GetFromJsonAsync<JsonElement>($"{Address}?purpose=%20appels%20de%20mars%20&minScore=10", Rig.Cancellation);
        Assert.Equal(2, leads.GetArrayLength());
        var export = await desk.Rig.Database().LeadExports.SingleAsync(Rig.Cancellation);
        Assert.Equal(("test-client", "appels de mars", "json", 2), (export.Actor, export.Purpose, export.Format, export.Leads));
        Assert.Equal("""{"minScore": 10}""", export.Filters);
    }

    [Theory]
    [InlineData("")]
    [InlineData("purpose=ab")]
    [InlineData("purpose=%20%20%20%20")]
    [InlineData("purpose=appels&format=xlsx")]
    [InlineData("purpose=appels&stage=rich")]
    public async Task Without_a_purpose_nothing_leaves_and_nothing_is_written_down(string query)
    {
        await using var desk = await OpenAsync(servers);
        Assert.Equal(400, (int)(await desk.User.GetAsync($"{Address}?{query}", Rig.Cancellation)).StatusCode);
        Assert.Empty(desk.Rig.Database().LeadExports);
    }

    [Fact]
    public async Task Suppressed_leads_and_contacts_stay_at_home()
    {
        await using var desk = await OpenAsync(servers);
        var open = await desk.LeadAsync(Place("open", phone: "74 111 222"));
        await desk.StoreAsync(Place("by-phone", phone: "74 333 444"), Place("by-domain", site: "https://gone.example/"), Place("by-place"));
        foreach (var value in (string[])["info@garage.example", "contact@else.example"]) await desk.PostAsync($"/api/v1/leads/{open}/contacts", new { kind = "email", value, source = "x" });
        foreach (var (kind, value) in new[] { ("phone", "74333444"), ("domain", "gone.example"), ("placeId", "by-place"), ("email", "info@garage.example") })
            await desk.PostAsync("/api/v1/suppressions", new { kind, value, reason = "opposition" });
        var leads = await desk.User.GetFromJsonAsync<JsonElement>($"{Address}?purpose=appels", Rig.Cancellation);
        var lead = Assert.Single(leads.EnumerateArray());
        Assert.Equal("open", lead.GetProperty("placeIds")[0].GetString());
        Assert.Equal(["contact@else.example"], lead.GetProperty("emails").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal(1, (await desk.Rig.Database().LeadExports.SingleAsync(Rig.Cancellation)).Leads);
    }

    [Fact]
    public async Task Googles_content_leaves_only_while_it_may_be_kept()
    {
        await using var desk = await OpenAsync(servers);
        var lead = await desk.LeadAsync(Place("a", "Garage Ben Ali", phone: "74 111 222"));
        await desk.SendAsync(HttpMethod.Patch, $"/api/v1/leads/{lead}", new { name = "Chez Ali" });
        Assert.Contains("Garage Ben Ali", await desk.User.GetStringAsync($"{Address}?purpose=appels&format=csv", Rig.Cancellation), StringComparison.Ordinal);
        await desk.Rig.SqlAsync($"UPDATE prospector.google_content SET expires_at = now() - interval '1 second'");
        foreach (var format in (string[])["csv", "json"])
        {
            var text = await desk.User.GetStringAsync($"{Address}?purpose=appels&format={format}", Rig.Cancellation);
            Assert.Contains("Chez Ali", text, StringComparison.Ordinal);
            Assert.DoesNotMatch("Garage Ben Ali|111|Libert", text);
        }
    }

    [Fact]
    public async Task No_cell_of_the_table_is_a_formula()
    {
        await using var desk = await OpenAsync(servers);
        var lead = await desk.LeadAsync(Place("a", "@SUM(1+1)*cmd|' /C calc'!A0", site: "https://x.example/"));
        await desk.SendAsync(HttpMethod.Patch, $"/api/v1/leads/{lead}", new { name = "=HYPERLINK(\"http://evil.example\")", owner = "-2+3", notes = "\t=1+1\nzwei, \"drei\"" });
        await desk.PostAsync($"/api/v1/leads/{lead}/contacts", new { kind = "phone", value = "74 111 222", source = "x" });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Address}?purpose=appels");
        request.Headers.Accept.ParseAdd("application/json;q=0.5, text/csv");
        using var response = await desk.User.SendAsync(request, Rig.Cancellation);
        Assert.Equal(("text/csv", "no-store"), (response.Content.Headers.ContentType?.MediaType, response.Headers.CacheControl?.ToString()));
        using var csv = CsvHelper.CsvReader.Create(await response.Content.ReadAsStreamAsync(Rig.Cancellation));
        var rows = new List<string[]>();
        while (csv.Read()) rows.Add([.. Enumerable.Range(0, 21).Select(field => csv.GetString(field))]);
        var row = Assert.Single(rows);
        Assert.All(row, cell => Assert.DoesNotMatch("^[=+\\-@\\t\\r]", cell));
        Assert.Equal(("'=HYPERLINK(\"http://evil.example\")", "'-2+3", "'+21674111222", "'@SUM(1+1)*cmd|' /C calc'!A0"), (row[2], row[4], row[10], row[14]));
    }

    [Fact]
    public async Task More_leads_than_a_batch_all_leave_once()
    {
        await using var desk = await OpenAsync(servers);
        await desk.Rig.SqlAsync($"""
            INSERT INTO prospector.leads (id, place_id, stage, governorate, first_seen_at, last_seen_at)
            SELECT gen_random_uuid(), 'p' || i, 'New', 'Sfax', now(), now() FROM generate_series(1, 1234) AS i
            """);
        var leads = await desk.User.GetFromJsonAsync<JsonElement>($"{Address}?purpose=appels", Rig.Cancellation);
        Assert.Equal(1234, leads.EnumerateArray().Select(lead => lead.GetProperty("id").GetGuid()).Distinct().Count());
        Assert.Equal("[\n\n]\n", await desk.User.GetStringAsync($"{Address}?purpose=appels&governorate=Gafsa", Rig.Cancellation));
    }
}
