using System.Globalization;
using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.Backups.Making;
using Shabou.Backups.Places;
using Shabou.LocalPostgres.Programs;

namespace Shabou.Backups.Archive;

/// <summary>Starts pg_receivewal, which writes each byte of WAL into the archive as the server writes it. A slot makes the server keep what was not received.</summary>
internal sealed class WalReceiver(PostgresPrograms programs, IOptions<BackupOptions> options, TimeProvider time)
{
    public const string Slot = "archive";
    private const string PidFile = "receiver.pid";

    /// <summary>Makes the slot when there is none, and starts receiving where the archive ends.</summary>
    /// <param name="login">May replicate.</param>
    /// <param name="anew">Begin another folder where the slot is: the server no longer has, or never had, what would follow the archive's end.</param>
    /// <param name="cancellationToken">Gives up before the start.</param>
    /// <exception cref="LocalPostgres.LocalPostgresException">pg_receivewal is missing or too old.</exception>
    public async Task<WalReceiving> StartAsync(PostgresLogin login, bool anew, CancellationToken cancellationToken)
    {
        var program = programs.Require("pg_receivewal");
        await using var connection = await login.OpenAsync(cancellationToken);
        var facts = await ServerFacts.ReadAsync(connection, cancellationToken);
        programs.RequireVersion(facts.Version);
        var (isNewSlot, goesOnAt) = await RequireSlotAsync(connection, cancellationToken);
        var shelf = new BackupShelf(options.Value.RequireFolder(), facts.SystemIdentifier);
        PrivateFolder.Create(shelf.Wal);
        var archive = new WalArchive(shelf.Wal);
        var hadWal = archive.Segments().Count > 0;
        var hasGap = isNewSlot ? hadWal : anew && archive.EndsBefore(goesOnAt);
        var folder = archive.Current(anew || isNewSlot, time);
        EndOrphan(shelf.Wal);
        var running = RunningProgram.Start(program, ["--no-loop", "--no-password", $"--slot={Slot}", "--status-interval=1", $"--directory={folder}"], login.At(connection));
        await File.WriteAllTextAsync(Path.Combine(shelf.Wal, PidFile), running.Id.ToString(CultureInfo.InvariantCulture), cancellationToken);
        return new(running, shelf, hasGap);
    }

    /// <summary>One that a killed service left would hold the slot.</summary>
    private static void EndOrphan(string folder)
    {
        try
        {
            if (!int.TryParse(File.ReadAllText(Path.Combine(folder, PidFile)), NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return;
            using var process = System.Diagnostics.Process.GetProcessById(id);
            if (process.ProcessName != "pg_receivewal") return;
            process.Kill();
            process.WaitForExit(TimeSpan.FromSeconds(5));
        }
        catch (Exception error) when (error is IOException or ArgumentException or InvalidOperationException)
        {
            // there is none
        }
    }

    /// <returns>Whether it was made just now, and from where on the server keeps WAL for it.</returns>
    private static async Task<(bool IsNew, string? GoesOnAt)> RequireSlotAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var (isLost, goesOnAt) = await FindSlotAsync(connection, cancellationToken);
        if (isLost is false) return (false, goesOnAt);
        if (isLost is true)
        {
            await using var drop = new NpgsqlCommand("SELECT pg_drop_replication_slot($1)", connection) { Parameters = { new() { Value = Slot } } };
            await drop.ExecuteNonQueryAsync(cancellationToken);
        }
        await using var create = new NpgsqlCommand("SELECT pg_create_physical_replication_slot($1, true)", connection) { Parameters = { new() { Value = Slot } } };
        await create.ExecuteNonQueryAsync(cancellationToken);
        return (true, null);
    }

    private static async Task<(bool? IsLost, string? GoesOnAt)> FindSlotAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var find = new NpgsqlCommand("SELECT coalesce(wal_status = 'lost', false), restart_lsn::text FROM pg_replication_slots WHERE slot_name = $1", connection) { Parameters = { new() { Value = Slot } } };
        await using var row = await find.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken)) return (null, null);
        return (row.GetBoolean(0), await row.IsDBNullAsync(1, cancellationToken) ? null : row.GetString(1));
    }
}

/// <summary>pg_receivewal at work.</summary>
/// <param name="HasGap">Between the archive's end and its new beginning WAL is missing, or nobody knows that none is: a new base backup is needed.</param>
internal sealed record WalReceiving(RunningProgram Program, BackupShelf Shelf, bool HasGap);
