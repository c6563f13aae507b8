using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Shabou.Testing;

namespace Shabou.Schema.Tests.Tls;

public sealed class TlsServerTests(TlsServer server) : IClassFixture<TlsServer>
{
    private const string Address = "127.0.0.1";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_session_of_ours_is_encrypted_and_a_plain_one_is_refused()
    {
        await server.StartAsync(Address);
        var run = await MigratorProcess.RunAsync(server.Verified(), environment: "Production");
        Assert.True(run.ExitCode == 0, run.Output);
        var hosts = new List<IHost>();
        foreach (var role in Roles.Services)
        {
            var host = Service(new NpgsqlConnectionStringBuilder(server.Verified()) { Username = role, Password = MigratorProcess.PasswordOf(role), Pooling = true }.ConnectionString);
            await host.StartAsync(Cancelled);
            hosts.Add(host);
            var context = host.Services.CreateScope().ServiceProvider.GetRequiredService<ShabouContext>();
            await context.Database.OpenConnectionAsync(Cancelled);
        }

        await using var watcher = new NpgsqlConnection(server.Verified());
        await watcher.OpenAsync(Cancelled);
        await using (var sessions = new NpgsqlCommand("SELECT count(DISTINCT a.usename), count(*) FILTER (WHERE NOT s.ssl) FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) WHERE a.backend_type = 'client backend'", watcher))
        await using (var row = await sessions.ExecuteReaderAsync(Cancelled))
        {
            Assert.True(await row.ReadAsync(Cancelled));
            Assert.Equal((Roles.Services.Count + 1, 0), (row.GetInt64(0), row.GetInt64(1))); // the services and this one
        }
        await using var plain = new NpgsqlConnection(server.ConnectionString + ";SSL Mode=Disable");
        var refused = await Assert.ThrowsAsync<PostgresException>(() => plain.OpenAsync(Cancelled));
        Assert.Equal(PostgresErrorCodes.InvalidAuthorizationSpecification, refused.SqlState);
        await using (var context = TestServers.ContextOn(server.Verified()))
            Assert.False(await context.Products.AnyAsync(Cancelled)); // outside Development there is no demo data
        foreach (var host in hosts)
        {
            await host.StopAsync(Cancelled);
            host.Dispose();
        }
    }

    [Theory]
    [InlineData(null, 0, false, "PostgreSQL offers no TLS, which is required outside Development")]
    [InlineData(Address, 10, true, "is not accepted: it has expired, is for another host, or another authority issued it")]
    [InlineData(Address, -1, false, "is not accepted: it has expired, is for another host, or another authority issued it")]
    [InlineData("db.example", 10, false, "is not accepted: it has expired, is for another host, or another authority issued it")]
    public async Task Beside_a_server_that_cannot_be_trusted_nothing_starts(string? host, int days, bool otherAuthority, string sentence)
    {
        await server.StartAsync(host, DateTimeOffset.UtcNow.AddDays(days));
        var database = server.Verified(otherAuthority ? server.OtherAuthority : null);

        using var service = Service(database);
        var taken = Stopwatch.StartNew();
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => service.StartAsync(Cancelled));
        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
        Assert.True(taken.Elapsed < StartLimit, $"{taken.Elapsed}");

        var (exitCode, output) = await MigratorProcess.RunAsync(database, environment: "Production");
        Assert.Equal(1, exitCode);
        Assert.Contains(sentence, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_real_service_ends_with_a_code_and_the_sentence()
    {
        await server.StartAsync(host: null);
        var folder = AppContext.BaseDirectory.Replace(Path.Combine("tests", "Schema.Tests"), "CatalogApi", StringComparison.Ordinal);
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(folder, "CatalogApi.dll")]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var (key, value) in TestTokens.Settings) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["ConnectionStrings__redis"] = "127.0.0.1:1,abortConnect=false";
        start.Environment["ConnectionStrings__shabou"] = server.Verified();
        var taken = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync(Cancelled);
        _ = process.StandardOutput.ReadToEndAsync(Cancelled);
        await process.WaitForExitAsync(Cancelled).WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("CatalogApi does not start: PostgreSQL offers no TLS", await said, StringComparison.Ordinal);
        Assert.True(taken.Elapsed < StartLimit, $"{taken.Elapsed}");
    }

    [Fact]
    public async Task A_server_that_is_only_away_stops_no_start()
    {
        using var service = Service($"Host=127.0.0.1;Port=1;Database=shabou;Username=catalog;Password=x;Timeout=2;SSL Mode=VerifyFull;Root Certificate={server.Authority}");
        await service.StartAsync(Cancelled);
        await service.StopAsync(Cancelled);
    }

    private static IHost Service(string database)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Production" });
        builder.Configuration["ConnectionStrings:shabou"] = database;
        builder.AddShabouDatabase();
        return builder.Build();
    }
}
