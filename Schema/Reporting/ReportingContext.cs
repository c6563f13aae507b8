using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Shabou.Schema.Reporting;

/// <summary>The same model for reports: nothing is tracked, nothing can be written, and the standby is read where there is one, so that reports take
/// nothing from those who sell and are answered while the primary is away.</summary>
/// <remarks>What was just written may not be there yet, usually for milliseconds. Without a standby it is the service's own pool and as fresh as all else.</remarks>
public sealed class ReportingContext : IAsyncDisposable, IDisposable
{
    // The standby may have all that the primary sent, or the primary may be gone and nobody knows what else it had. One that was started since, and has
    // replayed no commit, has at least what was there at its checkpoint.
    private const string Age = """
        SELECT CASE WHEN pg_is_in_recovery() AND (pg_last_wal_receive_lsn() IS DISTINCT FROM pg_last_wal_replay_lsn() OR NOT EXISTS (SELECT FROM pg_stat_wal_receiver))
            THEN coalesce(pg_last_xact_replay_timestamp(), (SELECT checkpoint_time FROM pg_control_checkpoint())) END
        """;

    private readonly ReportingDatabase _database;
    private readonly IOptions<ReportingOptions> _options;
    private readonly TimeProvider _time;

    public ReportingContext(ReportingDatabase database, IOptions<ReportingOptions> options, TimeProvider time)
    {
        (_database, _options, _time) = (database, options, time);
        Rows = new ShabouContext(database.Options);
    }

    /// <summary>The model. A write fails: the database refuses it.</summary>
    public ShabouContext Rows { get; }

    /// <summary>Which moment the rows are of, when that is longer ago than <see cref="ReportingOptions.MaxLag"/>; null: they are as good as new.</summary>
    public async Task<DateTimeOffset?> AsOfAsync(CancellationToken cancellationToken)
    {
        if (!_database.HasStandby) return null;
        await Rows.Database.OpenConnectionAsync(cancellationToken); // and kept open: the rows come from where the age does
        await using var age = new NpgsqlCommand(Age, (NpgsqlConnection)Rows.Database.GetDbConnection());
        return await age.ExecuteScalarAsync(cancellationToken) is DateTime at && _time.GetUtcNow() - at > _options.Value.MaxLag ? new DateTimeOffset(at, TimeSpan.Zero) : null;
    }

    public void Dispose() => Rows.Dispose();

    public ValueTask DisposeAsync() => Rows.DisposeAsync();
}
