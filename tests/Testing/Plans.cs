using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Shabou.Testing;

/// <summary>The plan of every statement that the service sends, as PostgreSQL's auto_explain tells it. The service refuses sequential scans
/// where an index can serve, so one that remains means that none can: on a large table that is a defect.</summary>
public sealed partial class Plans : DbConnectionInterceptor
{
    private static readonly string[] s_large =
    [
        "products", "reference_numbers", "fitments", "vehicles", "stock_levels", "stock_reservations", "prices", "price_list_rows", "price_list_errors", "price_changes",
        "price_index_points", "search_words", "forecast_copies", "audit_entries", "idempotent_requests", "jobs",
    ];
    private readonly ConcurrentDictionary<string, string> _scans = new();
    private int _seen;

    /// <summary>Statements explained.</summary>
    public int Seen => _seen;

    /// <summary>The connection string with which PostgreSQL sends the plans along.</summary>
    public static string Explaining(string database) => new NpgsqlConnectionStringBuilder(database)
    {
        Options = "-c session_preload_libraries=auto_explain -c auto_explain.log_min_duration=0 -c auto_explain.log_level=notice",
    }.ConnectionString;

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Listen(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Listen(connection);
        return Task.CompletedTask;
    }

    /// <summary>The plans that scanned a large table from end to end, one per table.</summary>
    public IReadOnlyCollection<string> Scans => [.. _scans.Values];

    /// <exception cref="InvalidOperationException">A statement scanned a large table from end to end.</exception>
    public void RequireIndexes()
    {
        if (!_scans.IsEmpty) throw new InvalidOperationException($"No index serves:\n{string.Join("\n\n", Scans.Take(5))}");
    }

    private void Listen(DbConnection connection)
    {
        var npgsql = (NpgsqlConnection)connection;
        npgsql.Notice -= Arrived; // the same object is opened again
        npgsql.Notice += Arrived;
    }

    private void Arrived(object sender, NpgsqlNoticeEventArgs e)
    {
        if (!e.Notice.MessageText.Contains("plan:", StringComparison.Ordinal)) return;
        Interlocked.Increment(ref _seen);
        foreach (Match scan in Scan().Matches(e.Notice.MessageText))
            if (s_large.Contains(scan.Groups["table"].Value)) _scans.TryAdd(scan.Value, e.Notice.MessageText);
    }

    [GeneratedRegex(@"Seq Scan on (?<table>\w+)")] private static partial Regex Scan();
}
