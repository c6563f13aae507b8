using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Shabou.Backups.Archive;
using Shabou.Backups.Making;
using Shabou.BackupService.Schedule;
using Shabou.LocalPostgres.Programs;
using Shabou.LocalPostgres.Servers;
using Shabou.Schema;
using Shabou.Schema.Passwords;
using Shabou.Testing;

namespace Shabou.Backups.Tests;

/// <summary>A primary and its standby, and a connection string that names both, as the backup service has.</summary>
public sealed class TwoServersTests(ShopTemplate template)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Programs_work_at_the_server_that_takes_writes_and_after_a_promotion_at_the_other()
    {
        await using var shop = await template.OpenAsync();
        await shop.StopAsync();
        var (first, second) = (FreePort(), FreePort());
        await using var primary = await PostgresServer.StartAsync(template.Programs, shop.Data, Shop.Settings, first, cancellationToken: Token);
        var copy = template.NewFolder();
        DataFolder.CreatePrivate(copy.Path);
        await RunningProgram.RunAsync(template.Programs.Require("pg_basebackup"), ["--pgdata", copy.Path, "--write-recovery-conf", "--checkpoint=fast"], Of(first), ServerUser.Needed, Token);
        await using var standby = await PostgresServer.StartAsync(template.Programs, copy, Shop.Settings, second, cancellationToken: Token);
        var login = new PostgresLogin($"Host=127.0.0.1:{second},127.0.0.1:{first};Username={Roles.Backup};Database=shabou;Target Session Attributes=read-write;Host Recheck Seconds=0;SSL Mode=Disable"); // the standby first

        Assert.Equal($"{first}", await PortByLibpqAsync(login));
        await RequireBackupsAsync(shop, login, first, shop.Data);
        await RequireReceiverAsync(shop, login, first);

        await primary.KillAsync();
        await Shop.RunAsync(standby.ConnectionString(ShopTemplate.Superuser, "shabou"), "SELECT pg_promote()");

        Assert.Equal($"{second}", await PortByLibpqAsync(login));
        await RequireBackupsAsync(shop, login, second, copy);
        await RequireReceiverAsync(shop, login, second);
    }

    [Theory]
    [InlineData("Host=a", "a", "5432", null)]
    [InlineData("Host=a;Port=6", "a", "6", null)]
    [InlineData("Host=a:6,b;Port=7", "a,b", "6,7", "any")]
    [InlineData("Host=a, b:8;Target Session Attributes=primary", "a,b", "5432,8", "primary")]
    [InlineData("Host=a,b;Target Session Attributes=prefer-standby", "a,b", "5432,5432", "prefer-standby")]
    [InlineData("Host=a,b;Target Session Attributes=prefer-primary", "a,b", "5432,5432", "primary")]
    [InlineData("Host=/run/postgresql", "/run/postgresql", "5432", null)]
    [InlineData("Host=::1;Port=6000", "::1", "6000", null)]
    [InlineData("Host=[::1]:6000,b", "::1,b", "6000,5432", "any")]
    public void Libpq_is_told_of_every_server(string connectionString, string hosts, string ports, string? attributes)
    {
        var variables = new PostgresLogin(connectionString).Variables("test");
        Assert.Equal((hosts, ports, attributes), (variables["PGHOST"], variables["PGPORT"], variables.GetValueOrDefault("PGTARGETSESSIONATTRS")));
    }

    [Fact]
    public async Task A_password_that_was_replaced_is_used_without_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("shabou-passwords-");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [new("ConnectionStrings:shabou", "Host=a;Username=backup;Password=of-the-start"), new("Secrets:Folder", folder.FullName)]).Build();
        var login = new BackupLogin(configuration);
        Assert.Equal("of-the-start", (await login.ReadAsync(Token)).Variables("test")["PGPASSWORD"]);
        foreach (var password in (string[])["the-first", "the-second"])
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, PasswordFiles.Current), password, Token);
            Assert.Equal(password, (await login.ReadAsync(Token)).Variables("test")["PGPASSWORD"]);
        }
        folder.Delete(recursive: true);
    }

    private static PostgresLogin Of(int port) => new($"Host=127.0.0.1;Port={port};Username={Roles.Backup};Database=shabou;SSL Mode=Disable");

    private async Task<string> PortByLibpqAsync(PostgresLogin login) =>
        Assert.Single(await RunningProgram.RunAsync(template.Programs.Require("psql"), ["--no-psqlrc", "--tuples-only", "--no-align", "--command=SELECT inet_server_port()"], login, cancellationToken: Token));

    private static async Task RequireBackupsAsync(Shop shop, PostgresLogin login, int port, DataFolder data)
    {
        await using (var reached = await login.OpenAsync(Token))
        {
            Assert.Equal(("127.0.0.1", $"{port}"), (login.At(reached).Host, login.At(reached).Port));
            await using var one = await login.At(reached).OpenAsync(Token); // nothing of the choice is left in it
        }
        foreach (var kind in RunBackups.Kinds)
        {
            var outcome = await shop.Get<RunBackups>().RunAsync(login, kind, Token);
            Assert.True(outcome.Succeeded, outcome.Sentence);
            Assert.Equal(data.Path, outcome.Backup!.Manifest.DataDirectory);
        }
    }

    private static async Task RequireReceiverAsync(Shop shop, PostgresLogin login, int port)
    {
        var receiving = await shop.Get<WalReceiver>().StartAsync(login, anew: false, Token);
        await using var program = receiving.Program;
        await using var server = await Of(port).OpenAsync(Token);
        await Until.TrueAsync(async () =>
        {
            await using var active = new NpgsqlCommand("SELECT active FROM pg_replication_slots WHERE slot_name = 'archive'", server);
            return await active.ExecuteScalarAsync(Token) is true;
        }, 20, () => $"a receiver at the server on port {port}, but: {program.LastWords}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
