using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shabou.BudgetStorm;
using Shabou.ProspectorService.Budgets;
using Shabou.Schema;
using Shabou.Schema.Prospector;
using Shabou.Testing;

[assembly: AssemblyFixture(typeof(TestServers))]

namespace Shabou.ProspectorService.Tests;

/// <summary>A database and a simulator of its own, and as many replicas of the service on them as a test wants.</summary>
internal sealed class Rig : IAsyncDisposable
{
    private readonly List<ServiceHost<PlacesBudget>> _hosts = [];
    private readonly List<ServiceProcess> _processes = [];
    private readonly string _database;
    private readonly string _redis;

    private Rig(string database, string redis) => (_database, _redis) = (database, redis);

    /// <summary>The clock of all replicas.</summary>
    public ShiftedTime Clock { get; } = new();

    public string ConnectionString => _database;

    /// <summary>Where the budget is copied to in Redis.</summary>
    public string MirrorKey { get; } = $"test:{Guid.NewGuid()}";

    public SimulatorServer Simulator { get; } = new();

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<Rig> NewAsync(TestServers servers) => new(await servers.CreateDatabaseAsync(), servers.Redis);

    /// <summary>On a database that the test has made.</summary>
    public static Rig On(string database, string redis) => new(database, redis);

    private (string Key, string Value)[] Settings =>
    [
        ("ConnectionStrings:redis", _redis), ("Prospector:PlacesBudget:MirrorKey", MirrorKey),
        ($"Prospector:PlacesBudget:Prices:{PlacesSku.TextSearchEnterprise}:ReadOn", DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ("Places:Endpoint", Simulator.Address), ("Places:ApiKey", SimulatorServer.Key), ("Places:Backoff", "00:00:00"),
        ("Places:MinuteQuotaPause", "00:00:00.01"), ("Jobs:Poll", "00:00:00.05"),
    ];

    /// <summary>One more replica.</summary>
    public ServiceHost<PlacesBudget> Start(params (string Key, string Value)[] settings)
    {
        var host = new ServiceHost<PlacesBudget>(_database, services => services.AddSingleton<TimeProvider>(Clock), [.. Settings, .. settings]);
        _hosts.Add(host);
        return host;
    }

    /// <summary>One more replica, as a process of its own with the machine's clock.</summary>
    public async Task<ServiceProcess> StartProcessAsync(params (string Key, string Value)[] settings)
    {
        var process = await ServiceProcess.StartAsync("ProspectorService", [("ConnectionStrings:shabou", _database), .. Settings, .. settings], Cancellation);
        _processes.Add(process);
        return process;
    }

    public PlacesBudget Budget(params (string Key, string Value)[] settings) => Start(settings).Services.GetRequiredService<PlacesBudget>();

    /// <summary>Moves the clocks of the database and of the replicas together.</summary>
    public async Task TravelAsync(TimeSpan ahead)
    {
        await MoveLedgerClockAsync(ahead);
        Clock.Ahead = ahead;
    }

    /// <summary>Moves both clocks to an instant, from where they go on.</summary>
    public Task TravelToAsync(DateTimeOffset instant) => TravelAsync(instant - DateTimeOffset.UtcNow);

    /// <summary>Moves only the database's clock, as far as the ledger sees it.</summary>
    public Task MoveLedgerClockAsync(TimeSpan ahead)
    {
        var sql = string.Create(CultureInfo.InvariantCulture,
            $"CREATE OR REPLACE FUNCTION prospector.budget_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT clock_timestamp() + interval '{ahead.TotalMicroseconds:F0} microseconds' $$");
        return Database().Database.ExecuteSqlRawAsync(sql, Cancellation);
    }

    public ShabouContext Database() => TestServers.ContextOn(_database);

    public Task<int> SqlAsync(FormattableString sql) => Database().Database.ExecuteSqlAsync(sql, Cancellation);

    /// <summary>Today's window; empty when no call was granted yet.</summary>
    public async Task<BudgetWindow> WindowAsync(BudgetWindowKind kind) =>
        await Database().BudgetWindows.OrderByDescending(w => w.Key).FirstOrDefaultAsync(w => w.Kind == kind, Cancellation)
        ?? new BudgetWindow { Scope = BudgetSwitch.Places, Kind = kind, Key = default };

    public Task<List<BudgetReservation>> LedgerAsync() => Database().BudgetReservations.OrderBy(r => r.ReservedAt).ToListAsync(Cancellation);

    /// <summary>What the independent checker finds wrong with the ledger.</summary>
    public async Task<IReadOnlyList<string>> CheckAsync(Allowance allowed)
    {
        await using var context = Database();
        return await LedgerCheck.CheckAsync(context, allowed, Cancellation);
    }

    public static async Task<Guid> CreateCampaignAsync(HttpClient client, string[] locations, string[] queries, int pagesPerQuery = 3)
    {
        using var response = await client.PostAsJsonAsync("/api/v1/campaigns", new { name = $"c-{Guid.NewGuid()}", locations, queries, pagesPerQuery }, Cancellation);
        Assert.Equal(201, (int)response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("id").GetGuid();
    }

    /// <summary>Starts a run and says where its job is.</summary>
    public static async Task<string> StartRunAsync(HttpClient client, Guid campaign)
    {
        using var response = await client.PostAsync($"/api/v1/campaigns/{campaign}/runs", null, Cancellation);
        Assert.Equal(202, (int)response.StatusCode);
        return response.Headers.Location!.ToString();
    }

    /// <summary>Waits for a job to complete; its result.</summary>
    public static async Task<JsonElement> ResultAsync(HttpClient client, string job)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            var view = await client.GetFromJsonAsync<JsonElement>(job, limit.Token);
            var state = view.GetProperty("state").GetString();
            if (state == "completed") return view.GetProperty("result");
            Assert.NotEqual("dead", state);
            await Task.Delay(20, limit.Token);
        }
    }

    public static async Task<JsonElement> RunAsync(HttpClient client, Guid campaign) => await ResultAsync(client, await StartRunAsync(client, campaign));

    /// <summary>Asks again until the condition holds; fails after half a minute.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await condition()) await Task.Delay(10, limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
        foreach (var host in _hosts) await host.DisposeAsync();
        await Simulator.DisposeAsync();
    }
}
