using System.Net.Http.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Npgsql;
using Shabou.LocalPostgres.Servers;
using Shabou.Standby.Promotion;
using Shabou.Standby.Supervision;
using Shabou.Testing;

namespace Shabou.Standby.Tests;

/// <summary>A primary and the program that makes and keeps its standby.</summary>
internal sealed class TestPair : IAsyncDisposable
{
    private const string Key = "a-key-that-only-tests-use-0123456789";
    private WebApplicationFactory<StandbyOptions>? _program;
    private HttpClient? _client;

    private TestPair(TestPrimary primary) => Primary = primary;

    public TestPrimary Primary { get; }

    public int StandbyPort { get; private set; } = TestPrimary.FreePort();

    /// <summary>The standby's own data.</summary>
    public DataFolder StandbyData => new(Path.Combine(Primary.StandbyFolder, "data"));

    /// <summary>What a service has: both servers, and only the one that takes writes is chosen.</summary>
    public string Services => $"Host=127.0.0.1:{Primary.Port},127.0.0.1:{StandbyPort};Username=app;Database=shop;Target Session Attributes=read-write;Host Recheck Seconds=1;Timeout=3;GSS Encryption Mode=Disable;Cancellation Timeout=-1;Keepalive=10";

    /// <summary>Both servers, the standby in step.</summary>
    public static async Task<TestPair> StartAsync()
    {
        var pair = new TestPair(await TestPrimary.StartAsync());
        try
        {
            pair.StartProgram();
            await pair.UntilAsync(report => report is { Role: StandbyRole.Standby, IsInSync: true }, "a standby in step");
            return pair;
        }
        catch
        {
            await pair.DisposeAsync();
            throw;
        }
    }

    public void StartProgram()
    {
        _program = new WebApplicationFactory<StandbyOptions>().WithWebHostBuilder(host => host
            .UseSetting("ConnectionStrings:postgres", Primary.ConnectionString()).UseSetting("Standby:Folder", Primary.StandbyFolder).UseSetting("Standby:Port", $"{StandbyPort}")
            .UseSetting("Standby:Key", Key).UseSetting("Standby:Database", "shop").UseSetting("Standby:ReplicationPassword", "a-password-of-tests").UseSetting("Standby:Look", "00:00:00.2").UseSetting("Logging:LogLevel:Default", "Warning"));
        _client = _program.CreateClient();
    }

    /// <summary>The next start of the program, and of the primary, is at other ports.</summary>
    public void Move()
    {
        StandbyPort = TestPrimary.FreePort();
        Primary.Move();
    }

    public async Task StopProgramAsync()
    {
        _client?.Dispose();
        if (_program is not null) await _program.DisposeAsync();
        _program = null;
    }

    public async Task<StandbyReport> StateAsync() => (await _client!.GetFromJsonAsync<StandbyReport>("/state", TestContext.Current.CancellationToken))!;

    public async Task<StandbyReport> UntilAsync(Func<StandbyReport, bool> condition, string expected, int seconds = 30)
    {
        StandbyReport? report = null;
        await Until.TrueAsync(async () => condition(report = await StateAsync()), seconds, () => $"{expected}, but: {report}");
        return report!;
    }

    /// <summary>POST /promotion.</summary>
    public async Task<PromotionAnswer> PromoteAsync(bool acceptLoss = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/promotion?acceptLoss={acceptLoss}") { Headers = { { "X-Standby-Key", Key } } };
        using var response = await _client!.SendAsync(request, TestContext.Current.CancellationToken);
        return (await response.Content.ReadFromJsonAsync<PromotionAnswer>(TestContext.Current.CancellationToken))!;
    }

    /// <summary>POST to an address, and what it says.</summary>
    public async Task<string> OrderAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Headers = { { "X-Standby-Key", Key } } };
        using var response = await _client!.SendAsync(request, TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> PostWithoutKeyAsync(string path) => _client!.PostAsync(new Uri(path, UriKind.Relative), null, TestContext.Current.CancellationToken);

    /// <summary>One value from the standby's server, or whichever has become primary.</summary>
    public async Task<T> AskStandbyAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Primary.ConnectionString(database: "shop")) { Port = StandbyPort }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        await StopProgramAsync();
        await Primary.DisposeAsync();
    }
}
