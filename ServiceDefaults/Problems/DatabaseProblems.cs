using System.Data.Common;
using Microsoft.AspNetCore.Http;

namespace Shabou.ServiceDefaults.Problems;

/// <summary>What kept the database from answering, as the caller is told it. All of it is <see cref="ProblemTypes.DatabaseUnavailable"/>: clients
/// do the same whatever it was, but people look elsewhere.</summary>
internal static class DatabaseProblems
{
    // The driver says it in no other way; a test on the real driver reads the same words.
    private const string PoolExhausted = "connection pool has been exhausted";

    /// <summary>EF Core wraps the driver's exception, sometimes twice (the update, the exhausted retries).</summary>
    public static DbException? ErrorIn(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is DbException database)
            {
                return database;
            }
        }

        return null;
    }

    // Without a state the server never answered. 08: connection; 25006: only reads, or no primary yet; 28: login refused; 53: out of connections, disk, memory;
    // 57: shut down or cancelled; 58: the server's own files; 23505: unique.
    public static ProblemType TypeOf(DbException error) => error.SqlState switch
    {
        null or "" or "25006" => ProblemTypes.DatabaseUnavailable,
        "23505" => ProblemTypes.Conflict,
        ['0', '8', ..] or ['2', '8', ..] or ['5', '3', ..] or ['5', '7', ..] or ['5', '8', ..] => ProblemTypes.DatabaseUnavailable,
        _ => error.IsTransient ? ProblemTypes.DatabaseUnavailable : ProblemTypes.Unexpected,
    };

    /// <summary>A connection that broke may have broken after the change was stored; one that was never had has stored nothing.</summary>
    public static string DetailOf(Exception exception, string method, string retryAfterSeconds) => ErrorIn(exception) switch
    {
        { } error when error.Message.Contains(PoolExhausted, StringComparison.Ordinal) =>
            $"The database works, but all connections of this service are in use and none came free in time; nothing was done: send the request again in {retryAfterSeconds} seconds.",
        { SqlState: "53300" } => $"The database takes no more connections for now; nothing was done: send the request again in {retryAfterSeconds} seconds.",
        { SqlState: "53100" } => $"The database has no room left, so nothing was stored; what is there can be read. Send the request again later, not before {retryAfterSeconds} seconds.",
        { SqlState: "25006" } => $"The database only reads for now, so nothing was stored: send the request again in {retryAfterSeconds} seconds.",
        _ when HttpMethods.IsGet(method) || HttpMethods.IsHead(method) => $"The database did not answer: send the request again in {retryAfterSeconds} seconds.",
        _ => $"The database stopped answering, so the change may or may not be stored: wait {retryAfterSeconds} seconds, look whether it is, and send the request again if not.",
    };
}
