using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shabou.CatalogApi.Prices;
using Shabou.Jobs;
using Shabou.Schema.Catalog;

namespace Shabou.CatalogApi.Tests.Prices;

/// <summary>A list is applied whole or not at all, whatever happens meanwhile.</summary>
public sealed class PriceGenerationTests(Catalog catalog) : IClassFixture<Catalog>
{
    private const int Parts = 60;
    private const int Kills = 20;
    private const int Frozen = 5; // of them, so many when all is written but the pointer
    private readonly PriceDesk _desk = new(catalog);
    private bool _hit; // whether the last kill found its job

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refresh_is_atomic_readers_see_one_generation_or_the_next_during_lists_and_rollbacks()
    {
        var supplier = await _desk.AddSupplierAsync("atomic");
        await _desk.AddPartsAsync("ATOMIC", Parts, brand: "valeo", category: "filtration");
        await using var readers = new Readers(catalog, "ATOMIC", Parts, count: 3);
        for (var i = 1; i <= 12; i++)
        {
            var list = await _desk.LoadAsync(supplier, PriceDesk.Csv("ATOMIC", Parts, 100 + i));
            if (i % 3 == 0) await _desk.RollBackAsync(list);
        }
        var seen = await readers.StopAsync();
        Assert.Superset(new HashSet<decimal>(seen), new HashSet<decimal>(Enumerable.Range(101, 12).Select(i => (decimal)i).Append(10m)));
        Assert.True(seen.Count >= 3, "The readers saw too few generations for the test to say anything.");
    }

    [Fact]
    public async Task Concurrent_refreshes_of_one_supplier_are_applied_one_after_the_other()
    {
        var supplier = await _desk.AddSupplierAsync("queue");
        var part = (await _desk.AddPartsAsync("QUEUE", Parts))[0];
        var lists = await Task.WhenAll(Enumerable.Range(1, 6).Select(i => _desk.LoadAsync(supplier, PriceDesk.Csv("QUEUE", Parts, 100 + i))));
        var order = lists.OrderBy(l => l.GetProperty("number").GetInt32()).ToList();
        Assert.All(lists, l => Assert.Equal(("applied", Parts), (l.GetProperty("state").GetString(), l.GetProperty("rowsApplied").GetInt32())));
        Assert.Equal(order, lists.OrderBy(l => l.GetProperty("appliedAt").GetDateTimeOffset()), (a, b) => a.GetProperty("id").GetGuid() == b.GetProperty("id").GetGuid());
        foreach (var (before, after) in order.Zip(order.Skip(1))) Assert.Equal(before.GetProperty("number").GetInt32(), after.GetProperty("previousNumber").GetInt32());
        Assert.Equal(101 + Array.FindIndex(lists, l => l.GetProperty("id").GetGuid() == order[^1].GetProperty("id").GetGuid()), await _desk.PriceOfAsync(part.Id));
    }

    [Fact]
    public async Task Numbers_ascend_in_the_order_of_commits_across_suppliers()
    {
        var suppliers = new List<string>();
        for (var i = 0; i < 4; i++) suppliers.Add(await _desk.AddSupplierAsync($"across-{i}"));
        await _desk.AddPartsAsync("ACROSS", Parts);
        var lists = await Task.WhenAll(suppliers.Concat(suppliers).Select((s, i) => _desk.LoadAsync(s, PriceDesk.Csv("ACROSS", Parts, 100 + i))));
        Assert.Equal(lists.OrderBy(l => l.GetProperty("number").GetInt32()).Select(l => l.GetProperty("id").GetGuid()),
            lists.OrderBy(l => l.GetProperty("appliedAt").GetDateTimeOffset()).Select(l => l.GetProperty("id").GetGuid()));
        Assert.Equal(lists.Length, lists.Select(l => l.GetProperty("number").GetInt32()).Distinct().Count());
    }

    [Fact]
    public async Task A_list_whose_connection_is_killed_anywhere_changes_nothing_and_its_retry_applies_it_once()
    {
        var supplier = await _desk.AddSupplierAsync("killed");
        await _desk.AddPartsAsync("KILLED", Parts, brand: "bosch", category: "filtration");
        await using var readers = new Readers(catalog, "KILLED", Parts, count: 2);
#pragma warning disable CA5394 // a seed makes the points the same each time
        var random = new Random(58);
        var killed = 0;
        int? before = null;
        for (var i = 1; i <= Kills; i++)
        {
            using var response = i <= Frozen
                ? await KillAtTheFlipAsync(supplier, 100 + i)
                : await KillAfterAsync(supplier, 100 + i, polls: random.Next(25));
            if (_hit) killed++;
            var list = await _desk.FinishAsync(response);
            Assert.Equal(("applied", Parts, before), (list.GetProperty("state").GetString(), list.GetProperty("rowsApplied").GetInt32(), list.GetProperty("previousNumber").Deserialize<int?>()));
            before = list.GetProperty("number").GetInt32();
        }
#pragma warning restore CA5394
        await readers.StopAsync();
        Assert.True(killed >= Frozen + 5, $"Only {killed} of {Kills} were killed in time.");

        await using var context = catalog.Context();
        var numbers = await context.PriceLists.Where(l => l.Supplier!.Slug == supplier).OrderBy(l => l.Id).Select(l => l.Number!.Value).ToListAsync(Cancellation);
        var rows = await context.Prices.Where(p => numbers.Contains(p.PriceListNumber)).GroupBy(p => p.PriceListNumber).Select(g => g.Count()).ToListAsync(Cancellation);
        Assert.Equal(Enumerable.Repeat(Parts, Kills), rows);
        Assert.Equal(numbers.Order(), numbers);
    }

    [Fact]
    public async Task A_job_that_runs_again_after_its_commit_changes_nothing()
    {
        var supplier = await _desk.AddSupplierAsync("again");
        await _desk.AddPartsAsync("AGAIN", 2);
        var list = await _desk.LoadAsync(supplier, PriceDesk.Csv("AGAIN", 2, 50));
        await using var scope = catalog.Services.CreateAsyncScope();
        var order = new ApplyPriceList.Order(list.GetProperty("id").GetGuid());
        var outcome = await scope.ServiceProvider.GetRequiredService<ApplyPriceList>().RunAsync(new JobContext<ApplyPriceList.Order>(Guid.NewGuid(), ApplyPriceList.Kind.Name, order, 2, null, Guid.NewGuid()), Cancellation);
        Assert.Equal(list.GetProperty("number").GetInt32(), Assert.IsType<PriceListOutcome>(outcome).Number);
        Assert.Equal(list.ToString(), (await _desk.ListAsync(list.GetProperty("id").GetGuid())).ToString());
        await using var context = catalog.Context();
        Assert.Equal(list.GetProperty("number").GetInt32(), await context.Suppliers.Where(s => s.Slug == supplier).Select(s => s.CurrentListNumber).SingleAsync(Cancellation));
    }

    /// <summary>Stops the job with everything written and only the pointer to move, by holding the lock that it needs for that.</summary>
    private async Task<HttpResponseMessage> KillAtTheFlipAsync(string supplier, decimal price)
    {
        await using var context = catalog.Context();
        await using var transaction = await context.Database.BeginTransactionAsync(Cancellation);
        await context.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock_shared(7306001)", Cancellation);
        var response = await _desk.SendAsync(supplier, PriceDesk.Csv("KILLED", Parts, price));
        await using var killer = await ConnectAsync();
        while (!(_hit = await KillAsync(killer, "classid = 0 AND objid = 7306001 AND objsubid = 1 AND NOT granted"))) Cancellation.ThrowIfCancellationRequested();
        return response;
    }

    /// <summary>Kills the job when it has held its supplier's lock for so many questions; it may be done by then.</summary>
    private async Task<HttpResponseMessage> KillAfterAsync(string supplier, decimal price, int polls)
    {
        await using var killer = await ConnectAsync();
        var response = await _desk.SendAsync(supplier, PriceDesk.Csv("KILLED", Parts, price));
        var id = await PriceDesk.IdAsync(response);
        const string holder = "classid = 7306001 AND objsubid = 2 AND granted";
        await using var context = catalog.Context();
        while (!await HoldsAsync(killer, holder) && await context.PriceLists.AnyAsync(l => l.Id == id && l.State == PriceListState.Uploaded, Cancellation)) Cancellation.ThrowIfCancellationRequested();
        while (polls-- > 0 && await HoldsAsync(killer, holder)) Cancellation.ThrowIfCancellationRequested();
        _hit = await KillAsync(killer, holder);
        return response;
    }

    private async Task<NpgsqlConnection> ConnectAsync()
    {
        await using var context = catalog.Context();
        var connection = new NpgsqlConnection(context.Database.GetConnectionString());
        await connection.OpenAsync(Cancellation);
        return connection;
    }

    private static Task<bool> HoldsAsync(NpgsqlConnection connection, string which) => AskAsync(connection, $"SELECT count(*) > 0 FROM pg_locks WHERE {Mine} AND {which}");

    private static Task<bool> KillAsync(NpgsqlConnection connection, string which) => AskAsync(connection, $"SELECT coalesce(bool_or(pg_terminate_backend(pid)), false) FROM pg_locks WHERE {Mine} AND {which}");

    private const string Mine = "locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

    private static async Task<bool> AskAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation) is true;
    }

    /// <summary>Clients that look at all parts of a prefix again and again: each look must find one price only.</summary>
    private sealed class Readers : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        private readonly ConcurrentDictionary<decimal, int> _seen = new();
        private readonly Task _reading;

        public Readers(Catalog catalog, string prefix, int parts, int count) => _reading = Task.WhenAll(Enumerable.Range(0, count).Select(_ => ReadAsync(catalog, prefix, parts)));

        public async Task<ICollection<decimal>> StopAsync()
        {
            await _stop.CancelAsync();
            await _reading;
            return _seen.Keys;
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }

        private async Task ReadAsync(Catalog catalog, string prefix, int parts)
        {
            while (!_stop.IsCancellationRequested)
            {
                var page = await catalog.Client.GetFromJsonAsync<JsonElement>($"/api/v1/products?q={prefix}&size=100", Cancellation);
                var prices = page.GetProperty("items").EnumerateArray().Select(p => p.GetProperty("priceExclTax").GetDecimal()).ToList();
                Assert.Equal(parts, prices.Count);
                _seen.AddOrUpdate(Assert.Single(prices.Distinct()), 1, (_, n) => n + 1);
            }
        }
    }
}
