using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.Backups;
using Shabou.Backups.Making;
using Shabou.Backups.Places;
using Shabou.Backups.Restoring;
using Shabou.BackupService.Archive;
using Shabou.BackupService.Schedule;
using Shabou.LocalPostgres;
using Shabou.ServiceDefaults.Auth;

namespace Shabou.BackupService.Commands;

/// <summary>What the AppHost's commands call: each answers when it is done, with one sentence.</summary>
internal static class CommandEndpoints
{
    public static void MapCommands(this WebApplication app)
    {
        var commands = app.MapGroup("/").RequireOrderKey("X-Backup-Key", "BackupCommands:Key", app.Services.GetRequiredService<IOptions<CommandOptions>>().Value.Key);
        commands.MapGet("backups", StatusAsync);
        commands.MapPost("backups", BackUpAsync);
        commands.MapPost("restore-drills", DrillAsync);
    }

    private static async Task<Ok<BackupStatus>> StatusAsync(
        BackupWork work, BackupSchedule schedule, WalArchiving archiving, IOptions<BackupOptions> options, TimeProvider time, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var shelf = await ShelfAsync(options.Value, database, cancellationToken);
        return TypedResults.Ok(new BackupStatus(
            work.UnderWaySince, schedule.NextAfter(time.GetUtcNow()), archiving.State.Sentence, archiving.State.Lag?.Bytes,
            [.. RunBackups.Kinds.SelectMany(shelf.List).Select(backup => new BackupLine(backup.Manifest.Kind, backup.Name, backup.Manifest.FinishedAt, backup.VerifiedAt, backup.Manifest.Bytes, backup.Manifest.Rows.Values.Sum()))]));
    }

    private static async Task<Results<Ok<CommandResult>, Conflict<CommandResult>>> BackUpAsync(BackupWork work, CancellationToken cancellationToken) =>
        await work.TryRunAsync(progress: null, cancellationToken) is { } outcomes
            ? TypedResults.Ok(new CommandResult(outcomes.All(outcome => outcome.Succeeded), string.Join(' ', outcomes.Select(outcome => outcome.Sentence))))
            : TypedResults.Conflict(new CommandResult(Succeeded: false, "A backup is under way already: wait for it."));

    private static async Task<Ok<CommandResult>> DrillAsync(
        RestoreDrill drill, BackupLogin login, IOptions<BackupOptions> options, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        try
        {
            var result = await drill.RunAsync(await ShelfAsync(options.Value, database, cancellationToken), await login.ReadAsync(cancellationToken), cancellationToken);
            return TypedResults.Ok(new CommandResult(Succeeded: true, result.Sentence));
        }
        catch (Exception refused) when (refused is BackupException or LocalPostgresException)
        {
            return TypedResults.Ok(new CommandResult(Succeeded: false, refused.Message));
        }
    }

    private static async Task<BackupShelf> ShelfAsync(BackupOptions options, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return new(options.RequireFolder(), (await ServerFacts.ReadAsync(connection, cancellationToken)).SystemIdentifier);
    }
}

/// <summary>How a command went.</summary>
internal sealed record CommandResult(bool Succeeded, string Message);

/// <summary>What there is.</summary>
internal sealed record BackupStatus(DateTimeOffset? UnderWaySince, DateTimeOffset? Next, string Archive, long? ArchiveLagBytes, IReadOnlyList<BackupLine> Backups);

/// <summary>One backup.</summary>
internal sealed record BackupLine(string Kind, string Name, DateTimeOffset FinishedAt, DateTimeOffset? VerifiedAt, long Bytes, long Rows);
