using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Shabou.PlacesSimulator.Access;

namespace Shabou.PlacesSimulator.Tests;

/// <summary>The simulator in the test's process, and callers with the right key, a wrong one, or none.</summary>
internal sealed class Simulator(params (string Key, string Value)[] settings) : WebApplicationFactory<PlacesOptions>
{
    public const string Key = "a-places-key-for-tests";
    public const string Everything = "places.id,places.displayName,places.formattedAddress,nextPageToken";

    /// <summary>The simulator's clock; the system's by default. Set it before the first call.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public HttpClient Caller(string? key = Key)
    {
        var client = CreateClient();
        if (key is not null) client.DefaultRequestHeaders.Add("X-Goog-Api-Key", key);
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("Places:ApiKey", Key);
        foreach (var (key, value) in settings) builder.UseSetting(key, value);
        builder.ConfigureTestServices(services => services.AddSingleton(Time));
    }
}

internal static class Calls
{
    public static async Task<(HttpStatusCode Status, JsonElement Body)> SearchAsync(this HttpClient caller, object body, string? mask = Simulator.Everything)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/places:searchText") { Content = JsonContent.Create(body) };
        return await SendAsync(caller, request, mask);
    }

    public static async Task<(HttpStatusCode Status, JsonElement Body)> DetailsAsync(this HttpClient caller, string id, string? mask)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/places/{id}");
        return await SendAsync(caller, request, mask);
    }

    /// <summary>All pages of a query.</summary>
    public static async Task<List<JsonElement>> SweepAsync(this HttpClient caller, string query, string mask = Simulator.Everything)
    {
        var places = new List<JsonElement>();
        string? token = null;
        do
        {
            var (_, body) = await caller.SearchAsync(new { textQuery = query, pageToken = token }, mask);
            if (body.TryGetProperty("places", out var page)) places.AddRange(page.EnumerateArray());
            token = body.TryGetProperty("nextPageToken", out var next) ? next.GetString() : null;
        }
        while (token is not null);
        return places;
    }

    /// <summary>Switches a fault on, as {"answer", "count" or "percent"} says.</summary>
    public static async Task FaultAsync(this HttpClient caller, object fault) =>
        (await caller.PostAsJsonAsync("/simulator/faults", fault, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

    public static Task<JsonElement> CountsAsync(this HttpClient caller) =>
        caller.GetFromJsonAsync<JsonElement>("/simulator/calls", TestContext.Current.CancellationToken);

    public static async Task<JsonElement[]> LogAsync(this HttpClient caller) =>
        [.. (await caller.GetFromJsonAsync<JsonElement>("/simulator/calls/log", TestContext.Current.CancellationToken)).GetProperty("items").EnumerateArray()];

    public static string Text(this JsonElement json, params string[] path) => path.Aggregate(json, (at, name) => at.GetProperty(name)).GetString()!;

    public static string[] Ids(this IEnumerable<JsonElement> places) => [.. places.Select(place => place.Text("id"))];

    public static void IsError(this (HttpStatusCode Status, JsonElement Body) answer, int code, string status)
    {
        Assert.Equal(code, (int)answer.Status);
        Assert.Equal(code, answer.Body.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(status, answer.Body.Text("error", "status"));
        Assert.NotEmpty(answer.Body.Text("error", "message"));
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpClient caller, HttpRequestMessage request, string? mask)
    {
        if (mask is not null) request.Headers.Add("X-Goog-FieldMask", mask);
        using var response = await caller.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken));
    }
}
