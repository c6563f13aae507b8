using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shabou.Testing;
using static Shabou.ProspectorService.Tests.LeadDesk;

namespace Shabou.ProspectorService.Tests;

public sealed class SuppressionTests(TestServers servers)
{
    private const string Address = "/api/v1/suppressions";

    [Theory]
    [InlineData("phone", "74 111 222", "+21674111222")]
    [InlineData("email", "Ali@Garage.example", "ali@garage.example")]
    [InlineData("domain", "https://www.Garage.example/contact", "garage.example")]
    [InlineData("domain", "garage.example", "garage.example")]
    [InlineData("placeId", "ChIJ-place", "ChIJ-place")]
    public async Task What_is_suppressed_is_kept_as_a_hash_of_its_normal_form_only(string kind, string value, string normalised)
    {
        await using var desk = await OpenAsync(servers);
        var (status, made) = await desk.PostAsync(Address, new { kind, value, reason = "opposition" });
        Assert.Equal(201, status);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(normalised))), made.GetProperty("hash").GetString());
        var (again, same) = await desk.PostAsync(Address, new { kind, value = normalised, reason = "again" });
        Assert.Equal((200, made.GetProperty("id").GetGuid(), "opposition"), (again, same.GetProperty("id").GetGuid(), same.GetProperty("reason").GetString()));
        await using var database = desk.Rig.Database();
        var rows = await database.Database.SqlQuery<string>($"""
            SELECT row_to_json(s)::text AS "Value" FROM prospector.suppressions s UNION ALL SELECT row_to_json(a)::text FROM ops.audit_entries a WHERE a.table_name = 'suppressions'
            """).ToListAsync(Rig.Cancellation);
        Assert.Equal(2, rows.Count);
        Assert.All(rows, row => Assert.DoesNotContain(normalised, row, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("""{"kind": "fax", "value": "74 111 222", "reason": "opposition"}""", 400)]
    [InlineData("""{"kind": "phone", "value": "11", "reason": "opposition"}""", 400)]
    [InlineData("""{"kind": "email", "value": "x", "reason": "opposition"}""", 400)]
    [InlineData("""{"kind": "placeId", "value": "a b", "reason": "opposition"}""", 400)]
    [InlineData("""{"kind": "phone", "value": "74 111 222", "reason": "no"}""", 400)]
    [InlineData("""{"kind": "phone", "value": "74 111 222", "reason": "opposition", "until": null}""", 400)]
    [InlineData("""{"kind": "domain", "value": "facebook.com", "reason": "opposition"}""", 422)]
    public async Task Suppressions_that_make_no_sense_are_refused(string body, int status)
    {
        await using var desk = await OpenAsync(servers);
        Assert.Equal(status, (await desk.PostAsync(Address, body)).Status);
    }

    [Fact]
    public async Task A_suppressed_place_makes_no_lead_and_counts_as_suppressed_in_the_run()
    {
        await using var rig = await Rig.NewAsync(servers);
        using var client = rig.Start().SignedIn();
        var campaign = await Rig.CreateCampaignAsync(client, ["Tozeur"], ["pneus"], 1);
        var first = await Rig.RunAsync(client, campaign);
        var found = first.GetProperty("found").GetInt32();
        var places = await rig.Database().LeadPlaces.Select(p => p.PlaceId).Take(2).ToListAsync(Rig.Cancellation);
        Assert.Equal(2, places.Count);
        await rig.SqlAsync($"DELETE FROM prospector.leads");
        foreach (var value in places) (await client.PostAsJsonAsync(Address, new { kind = "placeId", value, reason = "opposition" }, Rig.Cancellation)).EnsureSuccessStatusCode();
        var second = await Rig.RunAsync(client, campaign);
        Assert.Equal((found, 2, found - 2), (second.GetProperty("found").GetInt32(), second.GetProperty("suppressed").GetInt32(), second.GetProperty("newLeads").GetInt32() + second.GetProperty("duplicates").GetInt32()));
        Assert.False(await rig.Database().LeadPlaces.AnyAsync(p => places.Contains(p.PlaceId), Rig.Cancellation));
    }

    [Fact]
    public async Task A_lead_that_is_suppressed_later_says_so_and_so_does_a_contact()
    {
        await using var desk = await OpenAsync(servers);
        var id = await desk.LeadAsync(Place("a", phone: "74 111 222"));
        await desk.PostAsync($"/api/v1/leads/{id}/contacts", new { kind = "email", value = "info@garage.example", source = "x" });
        Assert.Equal((false, false), await FlagsAsync(desk, id));
        await desk.PostAsync(Address, new { kind = "domain", value = "garage.example", reason = "opposition" });
        Assert.Equal((false, true), await FlagsAsync(desk, id));
        await desk.PostAsync(Address, new { kind = "phone", value = "74111222", reason = "opposition" });
        Assert.Equal((true, true), await FlagsAsync(desk, id));
        var list = await desk.User.GetFromJsonAsync<JsonElement>("/api/v1/leads", Rig.Cancellation);
        Assert.True(list.GetProperty("items")[0].GetProperty("suppressed").GetBoolean());
    }

    [Fact]
    public async Task Only_an_administrator_takes_somebody_off_the_list_and_the_audit_keeps_who_and_why()
    {
        await using var desk = await OpenAsync(servers);
        var (_, made) = await desk.PostAsync(Address, new { kind = "phone", value = "74 111 222", reason = "opposition" });
        var one = $"{Address}/{made.GetProperty("id").GetGuid()}";
        Assert.Equal(403, (await desk.SendAsync(HttpMethod.Delete, $"{one}?reason=changed+his+mind", tagOf: one)).Status);
        Assert.Equal(400, (await desk.SendAsync(HttpMethod.Delete, one, client: desk.Admin)).Status);
        Assert.Equal(428, (await desk.SendAsync(HttpMethod.Delete, $"{one}?reason=changed+his+mind", tag: "", client: desk.Admin)).Status);
        Assert.Equal(412, (await desk.SendAsync(HttpMethod.Delete, $"{one}?reason=changed+his+mind", tag: "\"1\"", client: desk.Admin)).Status);
        Assert.Equal(204, (await desk.SendAsync(HttpMethod.Delete, $"{one}?reason=changed+his+mind", tagOf: one, client: desk.Admin)).Status);
        Assert.Equal(404, (await desk.SendAsync(HttpMethod.Delete, $"{one}?reason=changed+his+mind", tag: "*", client: desk.Admin)).Status);
        var audit = await desk.Rig.Database().AuditEntries.OrderBy(e => e.Id).Where(e => e.TableName == "suppressions").ToListAsync(Rig.Cancellation);
        Assert.Equal(["created", "deleted"], audit.Select(e => e.Action));
        Assert.Contains("changed his mind", audit[1].Before, StringComparison.Ordinal);
        Assert.Equal(("test-client", "test-client"), (audit[0].Actor, audit[1].Actor));
    }

    [Fact]
    public async Task The_list_is_paged_and_filtered_by_kind()
    {
        await using var desk = await OpenAsync(servers);
        for (var i = 0; i < 3; i++) await desk.PostAsync(Address, new { kind = "phone", value = $"74 111 22{i}", reason = "opposition" });
        await desk.PostAsync(Address, new { kind = "email", value = "ali@x.example", reason = "opposition" });
        var page = await desk.User.GetFromJsonAsync<JsonElement>($"{Address}?kind=phone&size=2", Rig.Cancellation);
        Assert.Equal(2, page.GetProperty("items").GetArrayLength());
        var rest = await desk.User.GetFromJsonAsync<JsonElement>($"{Address}?kind=phone&size=2&after={page.GetProperty("next").GetString()}", Rig.Cancellation);
        Assert.Equal(1, rest.GetProperty("items").GetArrayLength());
        Assert.Equal(400, (int)(await desk.User.GetAsync($"{Address}?kind=fax", Rig.Cancellation)).StatusCode);
    }

    private static async Task<(bool Lead, bool Contact)> FlagsAsync(LeadDesk desk, Guid id)
    {
        var lead = await desk.ReadAsync(id);
        return (lead.GetProperty("suppressed").GetBoolean(), lead.GetProperty("contacts")[0].GetProperty("suppressed").GetBoolean());
    }
}
