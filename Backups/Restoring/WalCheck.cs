using System.Text.RegularExpressions;
using Shabou.Backups.Archive;
using Shabou.LocalPostgres;
using Shabou.LocalPostgres.Programs;

namespace Shabou.Backups.Restoring;

/// <summary>Reads all WAL once before a recovery does: that would take a damaged record for the end, and say nothing of what it lost.</summary>
internal static partial class WalCheck
{
    /// <param name="folder">The data folder's pg_wal, with all segments.</param>
    /// <exception cref="BackupException">A record before the end is damaged; the message names its segment.</exception>
    public static async Task RequireReadableAsync(PostgresPrograms programs, RestorePlan plan, string folder, CancellationToken cancellationToken)
    {
        // Where timelines meet pg_waldump follows none; there the heads of the segments were looked at.
        if (plan.Segments is not [var first, .., var last] || plan.Segments.Any(segment => segment.Timeline != first.Timeline) || first.Timeline != plan.Backup.Manifest.Timeline) return;
        try
        {
            await RunningProgram.RunAsync(programs.Require("pg_waldump"), ["--quiet", $"--path={folder}", $"--timeline={first.Timeline}", $"--start={plan.Backup.Manifest.WalStart}"], cancellationToken: cancellationToken);
        }
        catch (LocalPostgresException stopped)
        {
            // The last position it names is that of the record it could not read.
            if (Where().Matches(stopped.Message) is not [.., var where]) return; // the end of the last file
            var name = where.Groups["segment"] is { Success: true } segment ? segment.Value
                : WalSegment.NameOf(first.Timeline, WalSegment.Position(where.Groups["position"].Value), new FileInfo(last.Path).Length);
            // Received files are filled with zeros: a record of length 0 in the last of them is its end.
            // A server's own last file has what it was used for before.
            if (string.CompareOrdinal(name, last.Name) > 0 || (name == last.Name && (plan.EndsInServerWal || End().IsMatch(stopped.Message)))) return;
            var path = plan.Segments.FirstOrDefault(found => found.Name == name)?.Path ?? name;
            throw new BackupException($"WAL segment {path} is damaged ({stopped.Message.TrimEnd('.')}): copy it from the second place, restore to a moment before it, or restore the backup alone with --without-wal.", stopped);
        }
    }

    [GeneratedRegex(@"\bat (?<position>[0-9A-F]+/[0-9A-F]+)|in log segment (?<segment>[0-9A-F]{24})")] private static partial Regex Where();
    [GeneratedRegex(@"got 0\b|contrecord|invalid magic number 0000")] private static partial Regex End();
}
