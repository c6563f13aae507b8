using System.Collections.Concurrent;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shabou.CatalogApi.Stock;
using Shabou.Schema;
using Shabou.Schema.Catalog;

namespace Shabou.CatalogApi.Tests;

/// <summary>Stock under many callers at once (isolation).</summary>
public sealed class StockRaceTests(Catalog catalog) : IClassFixture<Catalog>
{
    private const int Workers = 16;
    private const int Steps = 10_000;
    private const int Parts = 4;
    private const int OnHand = 40;
    private static readonly string[] s_warehouses = ["race-tunis", "race-sfax", "race-sousse"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_a_thousand_reservations_of_six_hundred_pieces_six_hundred_are_made()
    {
        await AddWarehousesAsync();
        var (part, _) = await catalog.AddPartAsync("RUSH");
        foreach (var (warehouse, onHand) in new[] { (s_warehouses[0], 350), (s_warehouses[1], 250) })
            await catalog.Client.StatusAsync(HttpMethod.Put, "/api/v1/stock/levels", new { product = part, warehouse, onHand });

        var results = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => catalog.Client.StatusAsync(HttpMethod.Post, "/api/v1/stock/reservations", new { product = part, quantity = 1 })));

        Assert.Equal(600, results.Count(r => r == HttpStatusCode.Created));
        Assert.Equal(400, results.Count(r => r == HttpStatusCode.Conflict));
        await using var context = catalog.Context();
        Assert.All(await context.StockLevels.Where(l => l.ProductId == part).ToListAsync(Cancellation), l => Assert.Equal(l.OnHand, l.Reserved));
        Assert.Equal(600, await context.StockReservations.Where(r => r.ProductId == part && r.State == ReservationState.Held).SumAsync(r => r.Quantity, Cancellation));
    }

    [Fact]
    public async Task Whatever_the_interleaving_no_piece_appears_or_vanishes()
    {
        await AddWarehousesAsync();
        var parts = new List<Guid>();
        for (var i = 0; i < Parts; i++) parts.Add((await catalog.AddPartAsync($"MODEL-{i}")).Id);
        foreach (var part in parts)
            foreach (var warehouse in s_warehouses) await catalog.Client.StatusAsync(HttpMethod.Put, "/api/v1/stock/levels", new { product = part, warehouse, onHand = OnHand });

        var model = new Model();
        var seed = Environment.TickCount;
        var left = Steps;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            var random = new Random(seed + worker);
            while (Interlocked.Decrement(ref left) >= 0) await StepAsync(parts, model, random);
        }, Cancellation)));

        await using var context = catalog.Context();
        var reservations = await context.StockReservations.AsNoTracking().Where(r => parts.Contains(r.ProductId)).ToListAsync(Cancellation);
        Assert.Equal(model.Made.Order(), reservations.Select(r => r.Id).Order());
        Assert.Empty(model.Fulfilled.Keys.Intersect(model.Released.Keys));
        Assert.All(reservations, r => Assert.Equal(model.Fulfilled.ContainsKey(r.Id), r.State == ReservationState.Fulfilled));
        Assert.All(reservations.Where(r => model.Released.ContainsKey(r.Id)), r => Assert.True(r.State is ReservationState.Released or ReservationState.Expired, $"{r.State} (seed {seed})"));
        foreach (var level in await context.StockLevels.AsNoTracking().Where(l => parts.Contains(l.ProductId)).ToListAsync(Cancellation))
        {
            var here = reservations.Where(r => (r.ProductId, r.WarehouseId) == (level.ProductId, level.WarehouseId)).ToList();
            Assert.Equal(here.Where(r => r.State == ReservationState.Held).Sum(r => r.Quantity), level.Reserved);
            Assert.Equal(OnHand + model.Added(level.ProductId, level.WarehouseId) - here.Where(r => r.State == ReservationState.Fulfilled).Sum(r => r.Quantity), level.OnHand);
        }
        // Each kind of step did something, or the rest proves nothing.
        Assert.All(Enum.GetValues<ReservationState>(), state => Assert.Contains(reservations, r => r.State == state));
        Assert.True(model.Refused > 0, $"No reservation was refused (seed {seed}).");
        Assert.Equal(0, await context.Database.SqlQuery<long>($"""SELECT deadlocks AS "Value" FROM pg_stat_database WHERE datname = current_database()""").SingleAsync(Cancellation));
    }

    private async Task StepAsync(List<Guid> parts, Model model, Random random)
    {
        await using var scope = catalog.Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<ShabouContext>();
        var part = parts[random.Next(parts.Count)];
        var reservation = model.Any(random);
        switch (random.Next(100))
        {
            case < 50:
                var write = new ReservationWrite(part, random.Next(1, 12), random.Next(3) == 0 ? s_warehouses[random.Next(s_warehouses.Length)] : null);
                var (made, refusal) = await scope.ServiceProvider.GetRequiredService<Reserve>().RunAsync(write, Cancellation);
                if (made is not null) model.Add(made.Id);
                else
                {
                    Assert.Equal("/problems/insufficient-stock", refusal!.ProblemDetails.Type);
                    Interlocked.Increment(ref model.Refused);
                }
                break;
            case < 70 when reservation is { } id:
                if (await scope.ServiceProvider.GetRequiredService<EndReservation>().ReleaseAsync(id, Cancellation) is null) model.Released[id] = true;
                break;
            case < 75 when reservation is { } id:
                if (await scope.ServiceProvider.GetRequiredService<EndReservation>().FulfilAsync(id, Cancellation) is null) model.Fulfilled[id] = true;
                break;
            case < 85 when reservation is { } id: // its time is over
                await context.StockReservations.Where(r => r.Id == id).ExecuteUpdateAsync(r => r.SetProperty(x => x.ExpiresAt, DateTimeOffset.UtcNow.AddSeconds(-1)), Cancellation);
                break;
            case < 90:
                await scope.ServiceProvider.GetRequiredService<LapsedReservations>().ReleaseAsync(null, Cancellation);
                break;
            case < 95: // a delivery
                var slug = s_warehouses[random.Next(s_warehouses.Length)];
                var warehouse = await context.Warehouses.Where(w => w.Slug == slug).Select(w => w.Id).SingleAsync(Cancellation);
                await context.StockLevels.Where(l => l.ProductId == part && l.WarehouseId == warehouse).ExecuteUpdateAsync(l => l.SetProperty(x => x.OnHand, x => x.OnHand + 2), Cancellation);
                model.Add(part, warehouse, 2);
                break;
            default: // in one statement the sums agree at any moment
                var wrong = await context.StockLevels.Where(l => parts.Contains(l.ProductId)).CountAsync(l => l.Reserved < 0 || l.Reserved > l.OnHand || l.Reserved !=
                    context.StockReservations.Where(r => r.ProductId == l.ProductId && r.WarehouseId == l.WarehouseId && r.State == ReservationState.Held).Sum(r => r.Quantity), Cancellation);
                Assert.Equal(0, wrong);
                break;
        }
    }

    private async Task AddWarehousesAsync()
    {
        foreach (var slug in s_warehouses) await catalog.Client.StatusAsync(HttpMethod.Post, "/api/v1/warehouses", new { slug, name = slug });
    }

    /// <summary>What the callers were told.</summary>
    private sealed class Model
    {
        private readonly ConcurrentDictionary<(Guid, Guid), int> _added = new();
        private readonly List<Guid> _made = [];
        public int Refused;

        public IReadOnlyList<Guid> Made => _made;
        public ConcurrentDictionary<Guid, bool> Released { get; } = new();
        public ConcurrentDictionary<Guid, bool> Fulfilled { get; } = new();

        public void Add(Guid part, Guid warehouse, int pieces) => _added.AddOrUpdate((part, warehouse), pieces, (_, before) => before + pieces);

        public int Added(Guid part, Guid warehouse) => _added.GetValueOrDefault((part, warehouse));

        public void Add(Guid reservation)
        {
            lock (_made) _made.Add(reservation);
        }

        /// <summary>One of the newest reservations, ended ones too.</summary>
        public Guid? Any(Random random)
        {
            lock (_made) return _made.Count == 0 ? null : _made[^random.Next(1, Math.Min(_made.Count, 60) + 1)];
        }
    }
}
