using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shabou.Schema.Connections;

namespace Shabou.Schema;

/// <summary>Whether the database is there: a question that needs no table and no connection of the pool. It is put to each server apart, since the driver
/// remembers of several which was away.</summary>
public static class DatabaseQuestion
{
    /// <summary>A server that has not let us in and answered by then is silent.</summary>
    private const int PatienceSeconds = 3;

    private const string TakesWrites = "SELECT NOT pg_is_in_recovery() AND current_setting('default_transaction_read_only') = 'off'";

    private enum Answer { Silence, Presence, TakesWrites }

    /// <summary>True as soon as a server says that it takes writes, and when none is silent: one that refuses or only reads has answered. One that is silent is
    /// taken for dead: this process's connections to it are cut.</summary>
    /// <remarks>The plan of connections counts it beside the <see cref="SpareConnection"/>, whose users wait for each other.</remarks>
    public static async Task<bool> AskAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var connection = await SpareConnection.LoginAsync(services.GetRequiredService<IConfiguration>(), cancellationToken);
        (connection.Timeout, connection.CommandTimeout, connection.CancellationTimeout) = (PatienceSeconds, PatienceSeconds, -1);
        connection.Remove("Target Session Attributes");
        var asked = (connection.Host ?? "").Split(',', StringSplitOptions.TrimEntries).Select(host => AskServerAsync(At(host, connection), cancellationToken)).ToList();
        var isSilent = false;
        await foreach (var answered in Task.WhenEach(asked))
        {
            var answer = await answered;
            if (answer == Answer.TakesWrites) return true;
            isSilent |= answer == Answer.Silence;
        }
        return !isSilent;
    }

    private static NpgsqlConnectionStringBuilder At(string host, NpgsqlConnectionStringBuilder connection)
    {
        var server = new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Host = host };
        var colon = host.LastIndexOf(':');
        var hasPort = colon > host.LastIndexOf(']') && (host[0] == '[' || host.IndexOf(':', StringComparison.Ordinal) == colon); // an IPv6 address has several
        if (hasPort) (server.Host, server.Port) = (host[..colon], int.Parse(host.AsSpan(colon + 1), CultureInfo.InvariantCulture));
        return server;
    }

    private static async Task<Answer> AskServerAsync(NpgsqlConnectionStringBuilder server, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(server.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await using var question = new NpgsqlCommand(TakesWrites, connection);
            return (bool)(await question.ExecuteScalarAsync(cancellationToken))! ? Answer.TakesWrites : Answer.Presence;
        }
        catch (Exception error) when (error is TimeoutException or NpgsqlException { InnerException: TimeoutException })
        {
            await CutConnections.ToAsync(server.Host!, server.Port, cancellationToken);
            return Answer.Silence;
        }
        catch (NpgsqlException)
        {
            return Answer.Presence; // it is gone, or lets nobody in; who asks it hears so
        }
    }
}
