using Microsoft.Extensions.Options;
using Shabou.LocalPostgres.Programs;
using Shabou.LocalPostgres.Servers;
using Shabou.Standby.Data;
using Shabou.Standby.Servers;

namespace Shabou.Standby.Supervision;

/// <summary>The standby's server process: started on its data, and started again when it ended.</summary>
internal sealed partial class StandbyProcess(StandbyFolder folder, PostgresPrograms programs, IOptions<StandbyOptions> options, ILogger<StandbyProcess> logger) : IAsyncDisposable
{
    private PostgresServer? _server;

    public bool IsRunning => _server is { Exited.IsCompleted: false };

    /// <summary>Starts it, to follow that primary unless it has been promoted, and waits until it answers or ends.</summary>
    /// <exception cref="LocalPostgres.LocalPostgresException">It ended, or a program is missing.</exception>
    public async Task StartAsync(DatabaseServer primary, CancellationToken cancellationToken)
    {
        await DisposeAsync();
        if (folder.Data.RunningServer() is not null) await StopOrphanAsync(cancellationToken);
        var asPrimary = await folder.KeepSettingsAsync(primary, cancellationToken);
        _server = await PostgresServer.StartAsync(programs, folder.Data,
        [
            .. asPrimary.Select(setting => (setting.Key, setting.Value)),
            ("primary_conninfo", StandbyFolder.ConnectionInfo(primary, folder.PasswordFile)),
            ("primary_slot_name", DatabaseServer.Standby), ("recovery_target_timeline", "latest"), ("hot_standby", "on"), ("synchronous_commit", "on"), ("max_slot_wal_keep_size", MostKept),
            ("wal_receiver_timeout", "5s"), ("wal_retrieve_retry_interval", "500ms"), // a primary that comes back finds it waiting
        ], options.Value.Port, line => LogLine(line), cancellationToken);
        LogStarted(options.Value.Port);
    }

    /// <summary>Ends it in order.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is { } server) await server.DisposeAsync();
        _server = null;
    }

    /// <summary>WAL that a server keeps for a standby that does not fetch it; past that the standby is made anew and the disk stays free.</summary>
    private const string MostKept = "4GB";

    // A supervisor that was killed left its server running.
    private async Task StopOrphanAsync(CancellationToken cancellationToken) =>
        await RunningProgram.RunAsync(programs.Require("pg_ctl"), ["stop", "-D", folder.Data.Path, "-m", "fast", "-w"], user: ServerUser.Needed, cancellationToken: cancellationToken);

    [LoggerMessage(LogLevel.Information, "The standby's server listens on port {Port}")] private partial void LogStarted(int port);
    [LoggerMessage(LogLevel.Debug, "{Line}")] private partial void LogLine(string line);
}
