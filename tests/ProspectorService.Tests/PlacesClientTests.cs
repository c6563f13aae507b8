using Microsoft.Extensions.DependencyInjection;
using Shabou.ProspectorService.Budgets;
using Shabou.ProspectorService.Places;
using Shabou.Schema.Prospector;
using Shabou.Testing;

namespace Shabou.ProspectorService.Tests;

public sealed class PlacesClientTests(TestServers servers)
{
    private static readonly PlacesQuery Query = new("garage Sfax", "fr", null);

    [Fact]
    public async Task A_request_without_a_reservation_never_leaves()
    {
        await using var rig = await Rig.NewAsync(servers);
        using var http = rig.Start().Services.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(PlacesClient));
        await Assert.ThrowsAsync<UnreservedCallException>(() => http.GetAsync("v1/places/ChIJ00000000000000000000000", Rig.Cancellation));
        await Assert.ThrowsAsync<UnreservedCallException>(() => http.PostAsync("v1/places:searchText", null, Rig.Cancellation));
        Assert.Equal(0, await rig.Simulator.TotalAsync());
    }

    [Fact]
    public async Task A_reservation_pays_for_one_attempt_so_a_retry_does_not_leave()
    {
        await using var rig = await Rig.NewAsync(servers);
        var services = rig.Start().Services;
        using var http = services.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(PlacesClient));
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/places/ChIJ00000000000000000000000"); // a GET is retried by the resilience handler
        request.Options.Set(Reservation.OptionsKey, await ReserveAsync(services));
        await rig.Simulator.FaultAsync("Error", 5);
        await Assert.ThrowsAsync<UnreservedCallException>(() => http.SendAsync(request, Rig.Cancellation));
        Assert.Equal(1, await rig.Simulator.TotalAsync());
        Assert.Equal((BudgetReservationState.Committed, "500"), Assert.Single(await rig.LedgerAsync()) is var row ? (row.State, row.Outcome) : default);
    }

    [Theory]
    [InlineData(null, "200", typeof(PlacesAnswer.Page))]
    [InlineData("MinuteQuota", "429", typeof(PlacesAnswer.MinuteQuota))]
    [InlineData("DayQuota", "429", typeof(PlacesAnswer.DayQuota))]
    [InlineData("Error", "500", typeof(PlacesAnswer.Failed))]
    [InlineData("Timeout", "timeout", typeof(PlacesAnswer.Failed))]
    public async Task Every_call_that_left_is_spent_whatever_came_of_it(string? fault, string outcome, Type answer)
    {
        await using var rig = await Rig.NewAsync(servers);
        var services = rig.Start(("Places:Timeout", fault == "Timeout" ? "00:00:01" : "00:00:30")).Services;
        if (fault is not null) await rig.Simulator.FaultAsync(fault);
        await using var scope = services.CreateAsyncScope();
        Assert.IsType(answer, await scope.ServiceProvider.GetRequiredService<PlacesClient>().SearchAsync(Query, await ReserveAsync(services)));
        Assert.Equal((BudgetReservationState.Committed, outcome), Assert.Single(await rig.LedgerAsync()) is var row ? (row.State, row.Outcome) : default);
        var window = await rig.WindowAsync(BudgetWindowKind.Day);
        Assert.Equal((1, 0), (window.Used, window.Reserved));
        Assert.Equal(1, await rig.Simulator.TotalAsync());
    }

    [Fact]
    public async Task When_the_other_side_is_gone_calls_count_until_the_breaker_keeps_them_here()
    {
        await using var rig = await Rig.NewAsync(servers);
        var services = rig.Start(("Places:Endpoint", "http://127.0.0.1:9")).Services;
        await using var scope = services.CreateAsyncScope();
        var places = scope.ServiceProvider.GetRequiredService<PlacesClient>();
        var reasons = new List<string>();
        for (var i = 0; i < 30; i++)
            reasons.Add(Assert.IsType<PlacesAnswer.Failed>(await places.SearchAsync(Query, await ReserveAsync(services, $"key-{i}"))).Reason);
        Assert.Equal("connection", reasons[0]);
        Assert.Equal("not-sent", reasons[^1]);
        var ledger = await rig.LedgerAsync();
        Assert.Equal(reasons.Count(reason => reason == "not-sent"), ledger.Count(row => row.State == BudgetReservationState.Released));
        Assert.Equal(reasons.Count(reason => reason == "connection"), (await rig.WindowAsync(BudgetWindowKind.Day)).Used);
    }

    [Fact]
    public async Task A_reservation_that_lapsed_before_its_call_is_not_sent_but_given_back()
    {
        await using var rig = await Rig.NewAsync(servers);
        var services = rig.Start().Services;
        var wish = new BudgetWish(PlacesSku.TextSearchEnterprise, "slow", Lifetime: TimeSpan.FromSeconds(1));
        var reservation = Assert.IsType<BudgetDecision.Granted>(await services.GetRequiredService<PlacesBudget>().ReserveAsync(wish, Rig.Cancellation)).Reservation;
        await Rig.UntilAsync(() => Task.FromResult(reservation.HasLapsed));
        await using var scope = services.CreateAsyncScope();
        var answer = await scope.ServiceProvider.GetRequiredService<PlacesClient>().SearchAsync(Query, reservation);
        Assert.Equal("not-sent", Assert.IsType<PlacesAnswer.Failed>(answer).Reason);
        Assert.Equal(BudgetReservationState.Released, Assert.Single(await rig.LedgerAsync()).State);
        Assert.Equal(0, await rig.Simulator.TotalAsync());
    }

    [Fact]
    public async Task A_page_brings_what_the_mask_asks_for()
    {
        await using var rig = await Rig.NewAsync(servers);
        var services = rig.Start().Services;
        await using var scope = services.CreateAsyncScope();
        var page = Assert.IsType<PlacesAnswer.Page>(await scope.ServiceProvider.GetRequiredService<PlacesClient>().SearchAsync(Query, await ReserveAsync(services)));
        Assert.Equal(20, page.Places.Count);
        Assert.NotNull(page.NextPageToken);
        Assert.All(page.Places, place => Assert.True(place is { PlaceId.Length: > 0, Name.Length: > 0, Address.Length: > 0, Latitude: not null, Types.Count: > 0 }));
        Assert.Contains(page.Places, place => place.InternationalPhone?.StartsWith("+216 ", StringComparison.Ordinal) == true);
        Assert.Contains(page.Places, place => place.Website is not null);
        Assert.Contains(page.Places, place => place.Rating is not null);
    }

    private static async Task<Reservation> ReserveAsync(IServiceProvider services, string key = "key") =>
        Assert.IsType<BudgetDecision.Granted>(
            await services.GetRequiredService<PlacesBudget>().ReserveAsync(PlacesSku.TextSearchEnterprise, key, null, Rig.Cancellation)).Reservation;
}
