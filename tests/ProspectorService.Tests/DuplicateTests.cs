using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Shabou.Testing;
using static Shabou.ProspectorService.Tests.LeadDesk;

namespace Shabou.ProspectorService.Tests;

public sealed partial class DuplicateTests(TestServers servers)
{
    [Fact]
    public async Task Each_way_of_being_the_same_business_makes_one_lead_of_two_places()
    {
        await using var desk = await OpenAsync(servers);
        await desk.StoreAsync(
            Place("first", "Garage Ben Ali", 34.7406, 10.7603, phone: "74 111 222", site: "https://www.benali.example/"),
            Place("by-phone", "Autre enseigne", phone: "74.111.222"),
            Place("by-domain", "Encore une autre", phone: "98 000 001", site: "http://benali.example/sfax"),
            Place("by-name", "Sté Garage BEN ALI Sfax", 34.7410, 10.7608));
        var places = await desk.Rig.Database().LeadPlaces.ToListAsync(Rig.Cancellation);
        Assert.Equal(4, places.Count);
        Assert.Single(places.Select(place => place.LeadId).Distinct());
        var lead = await desk.ReadAsync(places[0].LeadId);
        Assert.Equal(["first", "by-domain", "by-name", "by-phone"], lead.GetProperty("placeIds").EnumerateArray().Select(id => id.GetString()));
    }

    [Fact]
    public async Task What_only_looks_alike_stays_apart()
    {
        await using var desk = await OpenAsync(servers);
        var stored = await desk.StoreAsync(
            Place("a", "Garage Ben Ali", 34.7406, 10.7603, phone: "74 111 222", site: "https://www.facebook.com/benali"),
            Place("other-name-next-door", "Garage Ben Salah", 34.7407, 10.7604),
            Place("same-name-far-away", "Garage Ben Ali", 34.7506, 10.7603),
            Place("same-name-nowhere", "Garage Ben Ali"),
            Place("same-host-of-many", "Pneus Trabelsi", 34.80, 10.80, phone: "74 333 444", site: "https://www.facebook.com/trabelsi"));
        Assert.Equal(5, stored.Created);
    }

    [Theory]
    [InlineData(0.00085, 1)] // 95 m
    [InlineData(0.00095, 2)] // 106 m
    public async Task The_same_name_counts_up_to_a_hundred_metres(double north, int leads)
    {
        await using var desk = await OpenAsync(servers);
        await desk.StoreAsync(Place("a", "Garage Ben Ali", 34.7406, 10.7603), Place("b", "Garage Ben Ali", 34.7406 + north, 10.7603));
        Assert.Equal(leads, await desk.LeadsAsync());
    }

    [Fact]
    public async Task Arabic_names_are_compared_too()
    {
        await using var desk = await OpenAsync(servers);
        await desk.StoreAsync(Place("a", "قطع غيار بن علي", 34.7406, 10.7603), Place("b", "شركة قطع غيار بن علي", 34.7407, 10.7604), Place("c", "كراج الطرابلسي", 34.7407, 10.7604));
        Assert.Equal(2, await desk.LeadsAsync());
    }

    [Fact]
    public async Task A_place_that_comes_twice_in_a_page_is_stored_once()
    {
        await using var desk = await OpenAsync(servers);
        var stored = await desk.StoreAsync(Place("a"), Place("a"));
        Assert.Equal((1, 0), (stored.Created, stored.Suppressed));
    }

    [Fact]
    public async Task Workers_that_store_the_same_business_at_once_make_one_lead()
    {
        await using var desk = await OpenAsync(servers);
        var stored = await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => desk.StoreAsync(
            Place($"own-id-{worker}", $"Enseigne {worker}", phone: "74 111 222"), Place("shared-id", "Garage"), Place($"by-site-{worker}", $"Vente {worker}", site: "https://pieces.example/"))));
        Assert.Equal(3, await desk.LeadsAsync());
        Assert.Equal(3, stored.Sum(page => page.Created));
        Assert.Equal(17, await desk.Rig.Database().LeadPlaces.CountAsync(Rig.Cancellation));
    }

    [Fact]
    public async Task Once_Googles_content_is_gone_hashes_still_recognise_phone_and_site_and_nothing_recognises_the_name()
    {
        await using var desk = await OpenAsync(servers);
        await desk.StoreAsync(
            Place("a", "Garage Ben Ali", 34.7406, 10.7603), Place("b", "Pneus Trabelsi", 34.80, 10.80, phone: "74 111 222"), Place("c", "Auto Gharbi", 34.9, 10.9, site: "https://gharbi.example/"));
        await desk.Rig.SqlAsync($"UPDATE prospector.google_content SET expires_at = now() - interval '1 second'");
        var stored = await desk.StoreAsync(
            Place("a2", "Garage Ben Ali", 34.7406, 10.7603), Place("b2", "Sans nom", phone: "+216 74 111 222"), Place("c2", "Sans site", site: "http://www.gharbi.example/"));
        Assert.Equal(1, stored.Created);
    }

    [Fact]
    public async Task No_phone_and_no_site_is_kept_outside_the_content_that_expires()
    {
        await using var desk = await OpenAsync(servers, ("Prospector:Leads:GoogleContentTtl", "00:00:00"));
        await desk.StoreAsync(Place("a", "Garage Ben Ali", 34.7406, 10.7603, phone: "74 111 222", site: "https://www.benali.example/", rating: 4.4));
        await using var database = desk.Rig.Database();
        var rows = await database.Database.SqlQuery<string>($"""
            SELECT row_to_json(l)::text AS "Value" FROM prospector.leads l UNION ALL SELECT row_to_json(p)::text FROM prospector.lead_places p
            UNION ALL SELECT row_to_json(c)::text FROM prospector.google_content c UNION ALL SELECT row_to_json(s)::text FROM ops.lead_stage_changes s
            """).ToListAsync(Rig.Cancellation);
        Assert.Equal(3, rows.Count);
        // Times and ids have any digits.
        Assert.All(rows, row => Assert.DoesNotMatch("111|benali|Ben Ali|34\\.74|4\\.4|Libert", TimeOrId().Replace(row, "")));
    }

    [Fact]
    public async Task A_lead_of_two_places_is_described_by_the_first_until_that_is_gone()
    {
        await using var desk = await OpenAsync(servers);
        var lead = await desk.LeadAsync(Place("a", "Garage A", phone: "74 111 222"));
        await desk.StoreAsync(Place("b", "Garage B", phone: "74 111 222", rating: 5));
        Assert.Equal("Garage A", Name(await desk.ReadAsync(lead)));
        await desk.Rig.SqlAsync($"UPDATE prospector.google_content SET expires_at = now() - interval '1 second'");
        await desk.StoreAsync(Place("b", "Garage B", phone: "74 111 222", rating: 5));
        Assert.Equal("Garage B", Name(await desk.ReadAsync(lead)));
    }

    [Fact]
    public async Task Businesses_that_Google_lists_twice_are_one_lead_each()
    {
        await using var rig = await Rig.NewAsync(servers);
        using var client = rig.Start().SignedIn();
        await rig.Simulator.SecondIdsAsync();
        var run = await Rig.RunAsync(client, await Rig.CreateCampaignAsync(client, ["Sfax"], ["garage"], 3));
        Assert.Equal(60, run.GetProperty("found").GetInt32());
        Assert.Equal((30, 30), (run.GetProperty("newLeads").GetInt32(), run.GetProperty("duplicates").GetInt32()));
        Assert.Equal(60, await rig.Database().LeadPlaces.CountAsync(Rig.Cancellation));
    }

    private static string? Name(JsonElement lead) => lead.GetProperty("google").GetProperty("name").GetString();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[\d:.+]+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex TimeOrId();
}
