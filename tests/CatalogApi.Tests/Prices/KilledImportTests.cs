using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Shabou.CatalogApi.Products;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.Testing;

#pragma warning disable CA5394 // a seed makes the points the same each time

namespace Shabou.CatalogApi.Tests.Prices;

/// <summary>T20 of the register: the process that imports is killed (SIGKILL) at twenty points while two lists of a supplier are loaded at once, and at the end
/// the server is destroyed in the middle of an import and restored.</summary>
public sealed class KilledImportTests(TestServers servers)
{
    private const int Parts = 2_000;
    private const int Page = 100;
    private const int Kills = 20;
    private const int Frozen = 5; // of them, so many when all is written but the pointer
    private const ulong Segment = 16 << 20;
    private const string Supplier = "killed";
    private readonly string _prefix = $"test:{Guid.NewGuid():N}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact, Trait("Category", "Faults")]
    public async Task Readers_see_whole_generations_whatever_is_killed_a_rollback_takes_a_second_and_a_restore_minutes()
    {
        await using var server = await RestorableServer.StartAsync();
        await AddPartsAsync(server.Database);
        await server.BackUpAsync();
        await using var clerks = new ServiceHost<ProductView>(server.Database, WithoutWorker, Settings());
        using var client = clerks.SignedIn();
        await using var readers = new Readers(client);

        var (hits, before, random) = (0, (int?)null, new Random(20));
        var last = Guid.Empty;
        for (var i = 1; i <= Kills; i++)
        {
            await using var worker = await ServiceProcess.StartAsync("CatalogApi", [("ConnectionStrings:shabou", server.Database), .. Settings()], Cancelled);
            var lists = i <= Frozen ? await KillAtTheFlipAsync(worker, client, server.Database, i) : await KillAfterAsync(worker, client, server.Database, i, polls: random.Next(40));
            await using var context = ContextOn(server.Database);
            if (await context.PriceLists.AnyAsync(l => lists.Contains(l.Id) && l.State == PriceListState.Uploaded, Cancelled)) hits++;
            await using var next = await ServiceProcess.StartAsync("CatalogApi", [("ConnectionStrings:shabou", server.Database), .. Settings()], Cancelled);
            await UntilAsync(() => context.PriceLists.CountAsync(l => lists.Contains(l.Id) && l.State == PriceListState.Applied, Cancelled), 2, "both lists applied");
            var applied = await context.PriceLists.AsNoTracking().Where(l => lists.Contains(l.Id)).OrderBy(l => l.Number).ToListAsync(Cancelled);
            Assert.Equal([(before, Parts), (applied[0].Number, Parts)], applied.Select(l => (l.PreviousNumber, l.RowsApplied)));
            (before, last) = (applied[1].Number, applied[1].Id);
        }
        Assert.True(hits >= Frozen + 5, $"Only {hits} of {Kills} kills came before both lists were applied.");
        await RequireLedgerAsync(server.Database);

        var rollback = Stopwatch.StartNew();
        using (var back = await client.PostAsync(new Uri($"/api/v1/price-lists/{last}/rollback", UriKind.Relative), content: null, Cancelled)) Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        rollback.Stop();
        Assert.True(rollback.Elapsed <= TimeSpan.FromSeconds(1), $"The rollback took {rollback.Elapsed}.");
        var seen = await readers.StopAsync();
        Assert.True(seen >= 10, $"The readers saw {seen} generations, too few for the test to say anything.");

        var (acknowledged, restored, took) = await LoseAndRestoreAsync(server, client);
        Assert.True(took < TimeSpan.FromMinutes(5), $"The restore took {took}.");
        Assert.True(acknowledged <= restored + Segment, $"{acknowledged - restored:N0} bytes of WAL are lost.");
        await RequireLedgerAsync(server.Database);
        await using (var worker = await ServiceProcess.StartAsync("CatalogApi", [("ConnectionStrings:shabou", server.Database), .. Settings()], Cancelled))
        {
            await using var context = ContextOn(server.Database);
            await UntilAsync(() => context.PriceLists.CountAsync(l => l.State == PriceListState.Uploaded, Cancelled), 0, "the lists that were being imported applied");
        }
        await RequireLedgerAsync(server.Database);
        await RequireServedAsync(client, server.Database);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{hits} of {Kills} kills before both lists were applied, {seen} generations seen; rollback {rollback.Elapsed.TotalMilliseconds:0} ms; answers {took.TotalSeconds:0.0} s after the loss of the disk, {(long)(acknowledged - Math.Min(acknowledged, restored)):N0} bytes of WAL lost"));
    }

    /// <summary>Destroys the server with two imports at work.</summary>
    private async Task<(ulong Acknowledged, ulong Restored, TimeSpan Took)> LoseAndRestoreAsync(RestorableServer server, HttpClient client)
    {
        ulong acknowledged;
        await using (var worker = await ServiceProcess.StartAsync("CatalogApi", [("ConnectionStrings:shabou", server.Database), .. Settings()], Cancelled))
        {
            await SendBothAsync(client, Kills + 1);
            await using (var watcher = await ConnectAsync(server.Database))
                while (!await HoldsAsync(watcher)) Cancelled.ThrowIfCancellationRequested();
            acknowledged = await server.PositionAsync();
            await server.DestroyAsync();
        }
        var clock = Stopwatch.StartNew();
        var restored = await server.RestoreAsync();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromMinutes(5));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            using var answer = await client.GetAsync(new Uri($"/api/v1/products?size={Page}&minPrice={clock.ElapsedTicks % 90}", UriKind.Relative), limit.Token); // asked for the first time
            if (answer.IsSuccessStatusCode) return (acknowledged, restored, clock.Elapsed);
            await tick.WaitForNextTickAsync(limit.Token);
        }
    }

    private (string Key, string Value)[] Settings() =>
    [
        ("ConnectionStrings:redis", servers.Redis), ("Catalog:Cache:Prefix", _prefix),
        // A killed process loses its jobs soon.
        ("Jobs:Poll", "00:00:00.05"), ("Jobs:Lease", "00:00:02"), ("Jobs:Heartbeat", "00:00:00.5"), ("Jobs:RescueInterval", "00:00:00.2"),
    ];

    // It answers, and leaves the imports to the process that is killed.
    private static void WithoutWorker(IServiceCollection services)
    {
        foreach (var worker in services.Where(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType?.Name == "JobWorker").ToList()) services.Remove(worker);
    }

    /// <summary>Stops the imports with everything written and only the pointer to move, by holding the lock that they need for that.</summary>
    private static async Task<Guid[]> KillAtTheFlipAsync(ServiceProcess worker, HttpClient client, string database, int turn)
    {
        await using var holder = await ConnectAsync(database);
        await using var transaction = await holder.BeginTransactionAsync(Cancelled);
        await AskAsync(holder, "SELECT pg_advisory_xact_lock_shared(7306001) IS NULL");
        var lists = await SendBothAsync(client, turn);
        await using (var watcher = await ConnectAsync(database))
            while (!await AskAsync(watcher, $"SELECT count(*) > 0 FROM pg_locks WHERE {Mine} AND classid = 0 AND objid = 7306001 AND objsubid = 1 AND NOT granted")) Cancelled.ThrowIfCancellationRequested();
        await worker.KillAsync();
        return lists;
    }

    /// <summary>Kills the process when one of its imports has been at work for so many questions.</summary>
    private static async Task<Guid[]> KillAfterAsync(ServiceProcess worker, HttpClient client, string database, int turn, int polls)
    {
        await using var watcher = await ConnectAsync(database);
        var lists = await SendBothAsync(client, turn);
        await using var context = ContextOn(database);
        while (!await HoldsAsync(watcher) && await context.PriceLists.AnyAsync(l => lists.Contains(l.Id) && l.State == PriceListState.Uploaded, Cancelled)) Cancelled.ThrowIfCancellationRequested();
        while (polls-- > 0) await HoldsAsync(watcher);
        await worker.KillAsync();
        return lists;
    }

    private static Task<Guid[]> SendBothAsync(HttpClient client, int turn) => Task.WhenAll(SendAsync(client, 100 + 2 * turn), SendAsync(client, 101 + 2 * turn));

    private static async Task<Guid> SendAsync(HttpClient client, decimal price)
    {
        using var content = new StringContent(PriceDesk.Csv("KILLED", Parts, price), Encoding.UTF8, new MediaTypeHeaderValue("text/csv"));
        using var response = await client.PostAsync(new Uri($"/api/v1/price-lists?supplier={Supplier}", UriKind.Relative), content, Cancelled);
        return await PriceDesk.IdAsync(response);
    }

    /// <summary>The sums, pointers and prices that the database has are those that follow from its history.</summary>
    private static async Task RequireLedgerAsync(string database)
    {
        await using var context = ContextOn(database);
        var ledger = await PriceLedger.ReadAsync(context, Cancelled);
        foreach (var sum in await context.Assortments.AsNoTracking().ToListAsync(Cancelled)) Assert.Equal(ledger.Sums.GetValueOrDefault((sum.BrandId, sum.CategoryId)), (sum.BaseValue, sum.CurrentValue));
        Assert.Equal(ledger.Current.OrderBy(c => c.Key), (await context.Suppliers.ToDictionaryAsync(s => s.Id, s => s.CurrentListNumber, Cancelled)).OrderBy(c => c.Key));
        var sizes = await context.Prices.GroupBy(p => p.PriceListNumber).Select(g => g.Count()).Distinct().ToListAsync(Cancelled);
        Assert.Equal([Parts], sizes); // no half of a list
        Assert.Single(ledger.Prices.Values.Distinct());
    }

    /// <summary>What clients get is what the database has, not what was remembered before it was restored.</summary>
    private static async Task RequireServedAsync(HttpClient client, string database)
    {
        await using var context = ContextOn(database);
        var price = (await PriceLedger.ReadAsync(context, Cancelled)).Prices.Values.First();
        Assert.Equal(price, await Readers.PriceAsync(client, Cancelled));
    }

    private static async Task AddPartsAsync(string database)
    {
        await using var context = ContextOn(database);
        var now = DateTimeOffset.UtcNow;
        var brand = new Brand { Id = Guid.CreateVersion7(), Name = "Bosch", Slug = "bosch" };
        var category = new Category { Id = Guid.CreateVersion7(), NameFr = "Filtration", NameAr = "التصفية", Slug = "filtration", Path = "filtration/" };
        context.AddRange(brand, category, new Supplier { Id = Guid.CreateVersion7(), Slug = Supplier, Name = Supplier });
        for (var i = 0; i < Parts; i++)
        {
            var part = new Product
            {
                Id = Guid.CreateVersion7(now.AddMilliseconds(i)), Sku = PriceDesk.Sku("KILLED", i), NameFr = "Pièce KILLED", NameAr = "قطعة", BrandId = brand.Id, CategoryId = category.Id,
                Price = Money.Tnd(10), VatRate = 19, CreatedAt = now, UpdatedAt = now,
            };
            part.RefreshSearch();
            context.Add(part);
        }
        await context.SaveChangesAsync(Cancelled);
    }

    private static async Task UntilAsync(Func<Task<int>> count, int expected, string what)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        try
        {
            while (await count() != expected) await tick.WaitForNextTickAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!Cancelled.IsCancellationRequested)
        {
            throw new TimeoutException($"After two minutes there should be {what}.");
        }
    }

    private const string Mine = "locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

    private static Task<bool> HoldsAsync(NpgsqlConnection connection) => AskAsync(connection, $"SELECT count(*) > 0 FROM pg_locks WHERE {Mine} AND classid = 7306001 AND objsubid = 2 AND granted");

    // Without a pool: a server that was restored leaves nobody a dead connection.
    private static ShabouContext ContextOn(string database) => TestServers.ContextOn(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString);

    private static async Task<NpgsqlConnection> ConnectAsync(string database)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancelled);
        return connection;
    }

    private static async Task<bool> AskAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancelled) is true;
    }

    /// <summary>Two clients that look at the parts again and again: each look must find one price only.</summary>
    private sealed class Readers : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        private readonly ConcurrentDictionary<decimal, int> _seen = new();
        private readonly Task _reading;

        public Readers(HttpClient client) => _reading = Task.WhenAll(ReadAsync(client), ReadAsync(client));

        public static async Task<decimal> PriceAsync(HttpClient client, CancellationToken cancellationToken)
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/products?q=KILLED&size={Page}", cancellationToken);
            var prices = page.GetProperty("items").EnumerateArray().Select(p => p.GetProperty("priceExclTax").GetDecimal()).ToList();
            Assert.Equal(Page, prices.Count);
            return Assert.Single(prices.Distinct());
        }

        /// <returns>How many generations were seen.</returns>
        public async Task<int> StopAsync()
        {
            await _stop.CancelAsync();
            await _reading;
            return _seen.Count;
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }

        private async Task ReadAsync(HttpClient client)
        {
            while (!_stop.IsCancellationRequested) _seen.AddOrUpdate(await PriceAsync(client, Cancelled), 1, (_, n) => n + 1);
        }
    }
}
