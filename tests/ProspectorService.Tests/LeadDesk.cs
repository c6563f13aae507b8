using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shabou.ProspectorService.Budgets;
using Shabou.ProspectorService.Leads;
using Shabou.ProspectorService.Places;
using Shabou.ProspectorService.Transactions;
using Shabou.Schema;
using Shabou.Schema.Prospector;
using Shabou.Testing;

namespace Shabou.ProspectorService.Tests;

/// <summary>A service with a campaign that has a run, to store pages of places as that run would, and to work on the leads.</summary>
internal sealed class LeadDesk : IAsyncDisposable
{
    private readonly Guid _campaign = Guid.CreateVersion7();
    private readonly Guid _run = Guid.CreateVersion7();

    private LeadDesk(Rig rig, ServiceHost<PlacesBudget> host)
    {
        (Rig, Host) = (rig, host);
        (Admin, User) = (host.SignedIn(), host.SignedIn("USER"));
    }

    public Rig Rig { get; }
    public ServiceHost<PlacesBudget> Host { get; }
    public HttpClient Admin { get; }
    public HttpClient User { get; }

    public static async Task<LeadDesk> OpenAsync(TestServers servers, params (string Key, string Value)[] settings)
    {
        var rig = await Rig.NewAsync(servers);
        var desk = new LeadDesk(rig, rig.Start(settings));
        await using var database = rig.Database();
        database.Add(new Campaign
        {
            Id = desk._campaign, Name = "desk", Locations = ["Sfax"], Queries = ["garage"], PagesPerQuery = 1, LanguageCode = "fr", Searches = 1, CreatedAt = DateTimeOffset.UtcNow,
        });
        database.Add(new CampaignRun
        {
            Id = desk._run, CampaignId = desk._campaign, State = CampaignRunState.Completed, CreatedAt = DateTimeOffset.UtcNow, FinishedAt = DateTimeOffset.UtcNow,
        });
        await database.SaveChangesAsync(Rig.Cancellation);
        return desk;
    }

    public static FoundPlace Place(
        string id, string name = "Garage", double? latitude = null, double? longitude = null, string? phone = null, string? site = null, double? rating = null,
        string? status = "OPERATIONAL", params string[] types) =>
        new(id, name, "1 Rue de la Liberté", latitude, longitude, phone, phone is null ? null : $"+216 {phone}", site, rating, status, types.Length > 0 ? types : ["car_repair"]);

    public Task<StoredPage> StoreAsync(params FoundPlace[] page) => StoreAsync("Sfax", page);

    public async Task<StoredPage> StoreAsync(string? location, params FoundPlace[] page)
    {
        await using var scope = Host.Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<ShabouContext>();
        var store = scope.ServiceProvider.GetRequiredService<LeadStore>();
        return await context.InTransactionAsync(token => store.StoreAsync(page, new(_campaign, _run, location), token), Rig.Cancellation);
    }

    /// <summary>Stores a place and says which lead it is.</summary>
    public async Task<Guid> LeadAsync(FoundPlace place)
    {
        await StoreAsync(place);
        return await Rig.Database().LeadPlaces.Where(p => p.PlaceId == place.PlaceId).Select(p => p.LeadId).SingleAsync(Rig.Cancellation);
    }

    public Task<int> LeadsAsync() => Rig.Database().Leads.CountAsync(Rig.Cancellation);

    public async Task<JsonElement> ReadAsync(Guid lead) => await User.GetFromJsonAsync<JsonElement>($"/api/v1/leads/{lead}", Rig.Cancellation);

    public async Task<string> TagAsync(string address)
    {
        using var response = await User.GetAsync(address, Rig.Cancellation);
        Assert.True(response.Headers.ETag is not null, $"{address}: {await response.Content.ReadAsStringAsync(Rig.Cancellation)}");
        return response.Headers.ETag.Tag;
    }

    /// <summary>Sends what changes something, with the newest ETag of the address unless another is given; "" sends none.</summary>
    public async Task<(int Status, JsonElement Body)> SendAsync(HttpMethod method, string address, object? body = null, string? tag = null, string? tagOf = null, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(method, address);
        if (body is not null) request.Content = body is string json ? new StringContent(json, System.Text.Encoding.UTF8, "application/json") : JsonContent.Create(body);
        if (tag != "") request.Headers.TryAddWithoutValidation("If-Match", tag ?? await TagAsync(tagOf ?? address));
        using var response = await (client ?? User).SendAsync(request, Rig.Cancellation);
        var text = await response.Content.ReadAsStringAsync(Rig.Cancellation);
        return ((int)response.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text));
    }

    public async Task<(int Status, JsonElement Body)> PostAsync(string address, object body) => await SendAsync(HttpMethod.Post, address, body, tag: "");

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        User.Dispose();
        await Rig.DisposeAsync();
    }
}
