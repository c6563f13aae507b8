using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shabou.Testing;

namespace Shabou.Schema.Tests;

[Collection(nameof(DatabaseQuestionTests)), CollectionDefinition(nameof(DatabaseQuestionTests), DisableParallelization = true)]
public sealed class DatabaseQuestionTests(TestServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_answers_is_there_and_so_is_one_that_refuses()
    {
        var database = await servers.CreateDatabaseAsync();
        Assert.True(await AskAsync(database));
        Assert.True(await AskAsync(At(database, $"127.0.0.1:{FreePort()}")));
        Assert.True(await AskAsync(new NpgsqlConnectionStringBuilder(database) { Database = "not-there" }.ConnectionString));
    }

    [Fact]
    public async Task A_server_that_accepts_the_connection_and_says_nothing_hangs_unless_another_takes_the_writes()
    {
        var database = await servers.CreateDatabaseAsync();
        var there = new NpgsqlConnectionStringBuilder(database);
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        Assert.False(await AskAsync(At(database, $"{silent.LocalEndpoint}")));
        Assert.False(await AskAsync(At(database, $"{silent.LocalEndpoint},127.0.0.1:{FreePort()}", "read-write")));
        Assert.True(await AskAsync(At(database, $"{silent.LocalEndpoint},{there.Host}:{there.Port}", "read-write")));
    }

    [Fact]
    public async Task This_process_connections_to_a_silent_server_are_cut_and_no_others()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere nothing is cut.");
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        using var other = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        other.Start();
        using var waiting = new TcpClient();
        using var untouched = new TcpClient();
        await waiting.ConnectAsync((IPEndPoint)silent.LocalEndpoint, Cancelled);
        await untouched.ConnectAsync((IPEndPoint)other.LocalEndpoint, Cancelled);
        using var peer = await other.AcceptTcpClientAsync(Cancelled);
        var cut = waiting.GetStream().ReadAsync(new byte[1], Cancelled).AsTask();
        var whole = untouched.GetStream().ReadAsync(new byte[1], Cancelled).AsTask();
        var database = await servers.CreateDatabaseAsync();
        Assert.True(await AskAsync(database)); // a process that has never asked cuts nothing
        Assert.False(await AskAsync(At(database, $"{silent.LocalEndpoint}")));
        Assert.Equal(0, await cut.WaitAsync(TimeSpan.FromSeconds(20), Cancelled)); // its end, though the server closed nothing
        Assert.False(whole.IsCompleted);
        await peer.GetStream().WriteAsync(new byte[1], Cancelled);
        Assert.Equal(1, await whole);
    }

    [Fact]
    public async Task A_silent_server_is_cut_off_even_while_the_pool_of_threads_is_crowded()
    {
        const int crowd = 400, ms = 20_000; // more than the pool grows meanwhile
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere nothing is cut.");
        var database = await servers.CreateDatabaseAsync();
        Assert.True(await AskAsync(database));
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var waiting = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = ms };
        waiting.Connect(silent.LocalEndpoint);
        using var leave = new CountdownEvent(1);
        using var left = new CountdownEvent(crowd);
        for (var i = 0; i < crowd; i++) ThreadPool.UnsafeQueueUserWorkItem(_ => { leave.Wait(); left.Signal(); }, null);
        Task<bool> asked;
        try
        {
            asked = AskAsync(At(database, $"{silent.LocalEndpoint}"));
            Assert.Equal(0, waiting.Receive(new byte[1]));
        }
        finally
        {
            leave.Signal();
            left.Wait(Cancelled);
        }
        Assert.False(await asked);
    }

    private static async Task<bool> AskAsync(string database)
    {
        await using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:shabou", database)]).Build())
            .BuildServiceProvider();
        return await DatabaseQuestion.AskAsync(services, Cancelled);
    }

    private static string At(string database, string hosts, string? wanted = null) =>
        new NpgsqlConnectionStringBuilder(database) { Host = hosts, TargetSessionAttributes = wanted }.ConnectionString;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
