using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shabou.Testing;
using static Shabou.ProspectorService.Tests.LeadDesk;

namespace Shabou.ProspectorService.Tests;

public sealed class LeadTests(TestServers servers)
{
    [Fact]
    public async Task A_lead_tells_its_score_with_reasons_and_keeps_them_when_Googles_content_is_gone()
    {
        await using var desk = await OpenAsync(servers);
        var id = await desk.LeadAsync(Place("a", phone: "74 111 222", rating: 4.2));
        await desk.Rig.SqlAsync($"DELETE FROM prospector.google_content");
        var lead = await desk.ReadAsync(id);
        Assert.Equal(JsonValueKind.Null, lead.GetProperty("google").ValueKind);
        Assert.Equal((75, 1), (lead.GetProperty("score").GetInt32(), lead.GetProperty("scoreVersion").GetInt32()));
        Assert.Equal(["operational 20", "trade-car-repair 25", "has-phone 20", "rating-good 10"], lead.GetProperty("scoreReasons").EnumerateArray().Select(r => $"{r.GetProperty("code").GetString()} {r.GetProperty("points")}"));
    }

    [Fact]
    public async Task Found_again_a_lead_is_scored_anew_and_keeps_its_version()
    {
        await using var desk = await OpenAsync(servers);
        var id = await desk.LeadAsync(Place("a"));
        var tag = await desk.TagAsync($"/api/v1/leads/{id}");
        await desk.StoreAsync(Place("a", status: "CLOSED_PERMANENTLY"));
        Assert.Equal(0, (await desk.ReadAsync(id)).GetProperty("score").GetInt32());
        Assert.Equal(tag, await desk.TagAsync($"/api/v1/leads/{id}"));
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_empties_what_it_says_is_null_and_leaves_the_rest()
    {
        await using var desk = await OpenAsync(servers);
        var address = $"/api/v1/leads/{await desk.LeadAsync(Place("a"))}";
        var (status, lead) = await desk.SendAsync(HttpMethod.Patch, address, new { name = "Chez Ali", owner = "Sami", notes = "rappeler", followUpOn = "2026-12-01", stage = "contacted" });
        Assert.Equal(200, status);
        Assert.Equal(("Chez Ali", "Sami", "contacted", "2026-12-01"), (Text(lead, "name"), Text(lead, "owner"), Text(lead, "stage"), Text(lead, "followUpOn")));
        (status, lead) = await desk.SendAsync(HttpMethod.Patch, address, """{"notes": null, "followUpOn": null}""");
        Assert.Equal(200, status);
        Assert.Equal(("Chez Ali", "Sami", null, null, "contacted"), (Text(lead, "name"), Text(lead, "owner"), Text(lead, "notes"), Text(lead, "followUpOn"), Text(lead, "stage")));
    }

    [Theory]
    [InlineData("""{"stage": "rich"}""", 400)]
    [InlineData("""{"stage": 3}""", 400)]
    [InlineData("""{"stage": null}""", 400)]
    [InlineData("""{"score": 100}""", 400)]
    [InlineData("""{"owner": ""}""", 400)]
    [InlineData("""{"followUpOn": "soon"}""", 400)]
    [InlineData("""{"stage": "lost"}""", 422)]
    [InlineData("""{"stage": "lost", "stageReason": "fermé"}""", 200)]
    [InlineData("[]", 400)]
    public async Task Patches_that_make_no_sense_are_refused(string body, int expected)
    {
        await using var desk = await OpenAsync(servers);
        var (status, _) = await desk.SendAsync(HttpMethod.Patch, $"/api/v1/leads/{await desk.LeadAsync(Place("a"))}", body);
        Assert.Equal(expected, status);
    }

    [Fact]
    public async Task A_write_needs_the_version_that_was_read()
    {
        await using var desk = await OpenAsync(servers);
        var address = $"/api/v1/leads/{await desk.LeadAsync(Place("a"))}";
        var tag = await desk.TagAsync(address);
        Assert.Equal(428, (await desk.SendAsync(HttpMethod.Patch, address, new { owner = "a" }, tag: "")).Status);
        Assert.Equal(428, (await desk.SendAsync(HttpMethod.Delete, address, tag: "")).Status);
        Assert.Equal(200, (await desk.SendAsync(HttpMethod.Patch, address, new { owner = "a" }, tag)).Status);
        Assert.Equal(412, (await desk.SendAsync(HttpMethod.Patch, address, new { owner = "b" }, tag)).Status);
        Assert.Equal(412, (await desk.SendAsync(HttpMethod.Delete, address, tag: tag)).Status);
        Assert.Equal(404, (await desk.SendAsync(HttpMethod.Patch, $"/api/v1/leads/{Guid.NewGuid()}", new { owner = "b" }, "*")).Status);
    }

    [Fact]
    public async Task Of_patches_that_race_one_wins()
    {
        await using var desk = await OpenAsync(servers);
        var address = $"/api/v1/leads/{await desk.LeadAsync(Place("a"))}";
        var tag = await desk.TagAsync(address);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => desk.SendAsync(HttpMethod.Patch, address, new { owner = $"o{i}" }, tag)));
        Assert.Equal(1, answers.Count(answer => answer.Status == 200));
        Assert.Equal(7, answers.Count(answer => answer.Status == 412));
    }

    [Fact]
    public async Task The_history_has_every_stage_with_who_and_why()
    {
        await using var desk = await OpenAsync(servers);
        var address = $"/api/v1/leads/{await desk.LeadAsync(Place("a"))}";
        await desk.SendAsync(HttpMethod.Patch, address, new { stage = "contacted" });
        await desk.SendAsync(HttpMethod.Patch, address, new { owner = "Sami" }); // no stage, no entry
        await desk.SendAsync(HttpMethod.Patch, address, new { stage = "lost", stageReason = "concurrent" });
        var history = await desk.User.GetFromJsonAsync<JsonElement>($"{address}/history", Rig.Cancellation);
        Assert.Equal(
            ["test-client: contacted -> lost (concurrent)", "test-client: new -> contacted ()", "system:  -> new ()"],
            history.GetProperty("items").EnumerateArray().Select(c => $"{Text(c, "by")}: {Text(c, "from")} -> {Text(c, "to")} ({Text(c, "reason")})"));
        Assert.Equal(404, (int)(await desk.User.GetAsync($"/api/v1/leads/{Guid.NewGuid()}/history", Rig.Cancellation)).StatusCode);
    }

    [Fact]
    public async Task An_erased_lead_leaves_hashes_and_a_note_and_no_sweep_brings_it_back()
    {
        await using var desk = await OpenAsync(servers);
        var place = Place("a-place", "Garage Ben Ali", phone: "74 111 222", site: "https://benali.example/");
        var id = await desk.LeadAsync(place);
        await desk.PostAsync($"/api/v1/leads/{id}/contacts", new { kind = "email", value = "info@chez-ali.example", source = "carte" });
        await desk.SendAsync(HttpMethod.Patch, $"/api/v1/leads/{id}", new { notes = "bavard", stage = "contacted" });
        Assert.Equal(204, (await desk.SendAsync(HttpMethod.Delete, $"/api/v1/leads/{id}")).Status);

        await using var database = desk.Rig.Database();
        var rows = await database.Database.SqlQuery<string>($"""
            SELECT row_to_json(l)::text AS "Value" FROM prospector.leads l UNION ALL SELECT row_to_json(p)::text FROM prospector.lead_places p
            UNION ALL SELECT row_to_json(c)::text FROM prospector.google_content c UNION ALL SELECT row_to_json(s)::text FROM ops.lead_stage_changes s
            UNION ALL SELECT row_to_json(k)::text FROM prospector.lead_contacts k UNION ALL SELECT row_to_json(k)::text FROM prospector.contact_consents k
            UNION ALL SELECT row_to_json(k)::text FROM prospector.campaign_leads k
            """).ToListAsync(Rig.Cancellation);
        Assert.Empty(rows);
        var audit = await database.AuditEntries.SingleAsync(e => e.RowId == id, Rig.Cancellation);
        Assert.Equal(("leads", "erased", "test-client", null, null), (audit.TableName, audit.Action, audit.Actor, audit.Before, audit.After));
        Assert.Equal(4, await database.Suppressions.CountAsync(Rig.Cancellation));

        foreach (var again in new[] { place, Place("another-id", phone: "74 111 222"), Place("third-id", site: "https://www.benali.example/") })
        {
            var stored = await desk.StoreAsync(again);
            Assert.Equal((0, 1), (stored.Created, stored.Suppressed));
        }
        Assert.Equal(404, (int)(await desk.User.GetAsync($"/api/v1/leads/{id}", Rig.Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Filters_narrow_and_pages_hold_their_order()
    {
        await using var desk = await OpenAsync(servers);
        await desk.StoreAsync("sfax", [.. Enumerable.Range(0, 12).Select(i => Place($"s{i}", $"Garage {i}", phone: i % 2 == 0 ? $"74 111 2{i:00}" : null))]);
        await desk.StoreAsync("TN-21", Place("n", "Pneus Trabelsi", types: "tire_shop"));
        var nabeul = (await ListAsync(desk, "governorate=Nabeul")).Single();
        await desk.SendAsync(HttpMethod.Patch, $"/api/v1/leads/{nabeul}", new { owner = "Sami", name = "Chez Mongi", followUpOn = "2026-12-01", stage = "offered" });
        foreach (var filter in (string[])["governorate=21", "owner=Sami", "stage=offered", "q=mongi", "q=TRABELSI", "q=Chez%20Mongi", "dueBy=2026-12-01", "governorate=نابل"])
            Assert.Equal([nabeul], await ListAsync(desk, filter));
        foreach (var none in (string[])["dueBy=2026-11-30", "owner=sam", "stage=new&owner=Sami", "minScore=100", "q=tunis", $"campaign={Guid.NewGuid()}"]) Assert.Empty(await ListAsync(desk, none));
        Assert.Equal(6, (await ListAsync(desk, "minScore=60&governorate=TN-61")).Count);

        var best = await ListAsync(desk, "sort=score&size=5");
        Assert.Equal(13, best.Distinct().Count());
        var scores = await desk.Rig.Database().Leads.ToDictionaryAsync(l => l.Id, l => l.Score, Rig.Cancellation);
        Assert.Equal(best.Select(id => scores[id]).OrderDescending(), best.Select(id => scores[id]));
        await desk.Rig.SqlAsync($"UPDATE prospector.google_content SET expires_at = now() - interval '1 second'");
        Assert.Empty(await ListAsync(desk, "q=trabelsi"));
        foreach (var bad in (string[])["minScore=101", "sort=size", "q=%20", "dueBy=soon", "stage=1", $"owner={new string('x', 101)}"])
            Assert.Equal(400, (int)(await desk.User.GetAsync($"/api/v1/leads?{bad}", Rig.Cancellation)).StatusCode);
    }

    private static async Task<List<Guid>> ListAsync(LeadDesk desk, string query)
    {
        var (ids, next) = (new List<Guid>(), "");
        do
        {
            var page = await desk.User.GetFromJsonAsync<JsonElement>($"/api/v1/leads?{query}{(next.Length > 0 ? $"&after={next}" : "")}", Rig.Cancellation);
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()));
            next = page.GetProperty("next").GetString() ?? "";
        }
        while (next.Length > 0);
        return ids;
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
