using Npgsql;

namespace Shabou.Migrator;

/// <summary>Makes the view of what each statement costs (pg_stat_statements). A server that has no such extension, or does not let its owner make it, is used
/// without: then the slow statements are missing from metrics and report, and nothing else.</summary>
internal sealed partial class StatementStatistics(ILogger<StatementStatistics> logger)
{
    public async Task EnsureAsync(NpgsqlConnection owner, CancellationToken cancellationToken)
    {
        try
        {
            await using var create = new NpgsqlCommand("CREATE EXTENSION IF NOT EXISTS pg_stat_statements", owner);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.UndefinedFile or PostgresErrorCodes.FeatureNotSupported)
        {
            LogWithout(refused.MessageText);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Statements are not counted, because the extension pg_stat_statements could not be made: {Reason}")]
    private partial void LogWithout(string reason);
}
