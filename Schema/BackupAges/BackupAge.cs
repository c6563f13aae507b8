using System.Globalization;
using Npgsql;
using Shabou.Schema.Ops;

namespace Shabou.Schema.BackupAges;

/// <summary>How old the newest verified backup of one kind is: a young dump says nothing of base backups.</summary>
/// <param name="Kind">One of <see cref="Backup.Kinds"/>.</param>
/// <param name="Age">Since it was finished, by the database's clock; null: there never was one.</param>
/// <param name="ShopAge">Since the shop first noted anything; null when it has not.</param>
public sealed record BackupAge(string Kind, TimeSpan? Age, TimeSpan? ShopAge)
{
    /// <summary>The alert that is raised for one that is too old, by whichever process sees it first; its subject is the kind.</summary>
    public const string AlertKind = "backup-too-old";

    /// <summary>Answers with one row for <see cref="Read"/>.</summary>
    public const string Sql = """
        SELECT now() - max(finished_at) FILTER (WHERE kind = 'dump' AND verified_at IS NOT NULL), now() - max(finished_at) FILTER (WHERE kind = 'base' AND verified_at IS NOT NULL),
            now() - least(min(finished_at), (SELECT min(first_seen_at) FROM ops.secret_versions))
        FROM ops.backups
        """;

    private static readonly TimeSpan Window = TimeSpan.FromHours(6);

    /// <summary>One sentence, with what to do.</summary>
    public string Sentence => Age is { } age
        ? $"The newest verified {Kind} backup is {Hours(age)} h old: look why none was made since, and make one with 'Back up now'."
        : $"There is no verified {Kind} backup{(ShopAge is { } shop ? $", and the shop is {Hours(shop)} h old" : "")}: make one with 'Back up now', or wait for the next at its hour.";

    /// <summary>Whether somebody must be told. One that was never made is as old as the shop, so that a new shop has its time.</summary>
    public bool IsOlderThan(TimeSpan limit) => (Age ?? ShopAge) > limit;

    /// <summary>Whether a check should object: at once when there is none.</summary>
    public bool IsMissingOrOlderThan(TimeSpan limit) => Age is null || IsOlderThan(limit);

    /// <summary>Of each kind.</summary>
    public static async Task<IReadOnlyList<BackupAge>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        try
        {
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            await row.ReadAsync(cancellationToken);
            return Read(row);
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            return [.. Backup.Kinds.Select(kind => new BackupAge(kind, null, null))]; // before the first migration
        }
    }

    /// <param name="row">Of <see cref="Sql"/>.</param>
    public static IReadOnlyList<BackupAge> Read(NpgsqlDataReader row) =>
        [new(Backup.Dump, Span(row, 0), Span(row, 2)), new(Backup.Base, Span(row, 1), Span(row, 2))];

    /// <summary>Raises the alert for each kind that is too old, unless any process has done so in the last six hours.</summary>
    /// <param name="ages">As just read.</param>
    /// <param name="connection">Open.</param>
    /// <param name="tooOld">See <see cref="BackupAgeOptions.TooOld"/>.</param>
    /// <param name="now">When it is.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>What was said now.</returns>
    public static async Task<IReadOnlyList<BackupAge>> SayTooOldAsync(IReadOnlyList<BackupAge> ages, NpgsqlConnection connection, TimeSpan tooOld, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var said = new List<BackupAge>();
        foreach (var age in ages.Where(age => age.IsOlderThan(tooOld)))
        {
            var alert = new Alert { Id = Guid.CreateVersion7(now), Kind = AlertKind, Subject = age.Kind, Severity = AlertSeverity.Critical, Summary = age.Sentence, CreatedAt = now };
            if (await AlertWindow.TrySayAsync(connection, alert, Window, cancellationToken)) said.Add(age);
        }
        return said;
    }

    private static TimeSpan? Span(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetTimeSpan(column);

    private static string Hours(TimeSpan time) => ((int)time.TotalHours).ToString(CultureInfo.InvariantCulture);
}
