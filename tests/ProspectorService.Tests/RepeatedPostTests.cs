using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Shabou.Testing;
using static Shabou.ProspectorService.Tests.LeadDesk;

namespace Shabou.ProspectorService.Tests;

public sealed class RepeatedPostTests(TestServers servers)
{
    [Fact]
    public async Task A_post_that_is_repeated_under_its_key_has_one_effect_and_one_answer()
    {
        await using var desk = await OpenAsync(servers);
        var lead = await desk.LeadAsync(Place("a"));
        var campaign = await Rig.CreateCampaignAsync(desk.User, ["Tozeur"], ["pneus"], 1);
        foreach (var (address, body) in new (string, object?)[]
        {
            ("/api/v1/campaigns", new { name = "once", preset = "garages", governorates = new[] { "TN-72" } }),
            ($"/api/v1/campaigns/{campaign}/runs", null),
            ("/api/v1/suppressions", new { kind = "phone", value = "74 111 222", reason = "opposition" }),
            ($"/api/v1/leads/{lead}/contacts", new { kind = "phone", value = "74 333 444", source = "enseigne" }),
        })
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => PostAsync(desk.User, address, body, "one key")));
            Assert.All(answers, answer => Assert.Equal(answers[0], answer));
            Assert.InRange(answers[0].Status, 200, 299);
            if (body is not null) Assert.Equal(422, (await PostAsync(desk.User, address, new { other = true }, "one key")).Status);
        }
        await using var database = desk.Rig.Database();
        Assert.Equal(1, await database.Campaigns.CountAsync(c => c.Name == "once", Rig.Cancellation));
        Assert.Equal(1, await database.CampaignRuns.CountAsync(r => r.CampaignId == campaign, Rig.Cancellation));
        Assert.Equal(1, await database.AllJobs.CountAsync(job => job.Kind == "prospector.campaign", Rig.Cancellation));
        Assert.Equal(1, await database.LeadContacts.CountAsync(Rig.Cancellation));
    }

    private static async Task<(int Status, string? Location, string Body)> PostAsync(HttpClient client, string address, object? body, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = body is null ? null : JsonContent.Create(body), Headers = { { "Idempotency-Key", key } } };
        using var response = await client.SendAsync(request, Rig.Cancellation);
        var text = await response.Content.ReadAsStringAsync(Rig.Cancellation);
        return ((int)response.StatusCode, response.Headers.Location?.ToString(), text);
    }
}
