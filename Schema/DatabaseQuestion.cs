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
    /// <summary>So often we look for an answer. Looks are counted and not seconds: a process that gets no processor or was frozen looks late, and sees answers late.</summary>
    private const int Patience = 15;

    /// <summary>For the driver, which counts seconds: more than the looks take.</summary>
    private const int LimitSeconds = 5;

    /// <summary>The first question of a process takes longer for reasons of its own: its code is compiled meanwhile.</summary>
    private const int FirstLimitSeconds = 15;

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(0.2);
    private static volatile bool s_hasAsked;

    private const string TakesWrites = "SELECT NOT pg_is_in_recovery() AND current_setting('default_transaction_read_only') = 'off'";

    private enum Answer { Silence, Presence, TakesWrites, Unknown }

    /// <summary>True as soon as a server says that it takes writes, and when none is silent: one that refuses or only reads has answered. One that is silent for
    /// three seconds is taken for dead: this process's connections to it are cut. Null when this process was too slow to tell.</summary>
    /// <remarks>The plan of connections counts it beside the <see cref="SpareConnection"/>, whose users wait for each other.</remarks>
    public static async Task<bool?> AskAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var connection = await SpareConnection.LoginAsync(services.GetRequiredService<IConfiguration>(), cancellationToken);
        var isFirst = !s_hasAsked;
        var limit = isFirst ? FirstLimitSeconds : LimitSeconds;
        (connection.Timeout, connection.CommandTimeout, connection.CancellationTimeout) = (limit, limit, -1);
        connection.Remove("Target Session Attributes");
        var asked = (connection.Host ?? "").Split(',', StringSplitOptions.TrimEntries).Select(host => AskServerAsync(At(host, connection), isFirst, cancellationToken)).ToList();
        bool? isThere = true;
        await foreach (var answered in Task.WhenEach(asked))
        {
            var answer = await answered;
            if (answer == Answer.TakesWrites) return true;
            isThere &= answer switch { Answer.Silence => false, Answer.Unknown => null, _ => true };
        }
        return isThere;
    }

    private static NpgsqlConnectionStringBuilder At(string host, NpgsqlConnectionStringBuilder connection)
    {
        var server = new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Host = host };
        var colon = host.LastIndexOf(':');
        var hasPort = colon > host.LastIndexOf(']') && (host[0] == '[' || host.IndexOf(':', StringComparison.Ordinal) == colon); // an IPv6 address has several
        if (hasPort) (server.Host, server.Port) = (host[..colon], int.Parse(host.AsSpan(colon + 1), CultureInfo.InvariantCulture));
        return server;
    }

    private static async Task<Answer> AskServerAsync(NpgsqlConnectionStringBuilder server, bool isFirst, CancellationToken cancellationToken)
    {
        // On a thread of its own: where callers crowd the pool, every answer would stand in their queue and look like silence.
        var answer = Task.Factory.StartNew(() => Converse(server), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (isFirst || await EndsSoonAsync(answer, cancellationToken)) return await answer.WaitAsync(cancellationToken);
        await CutConnections.ToAsync(server.Host!, server.Port, cancellationToken);
        await answer; // its connection was cut too
        return Answer.Silence;
    }

    private static async Task<bool> EndsSoonAsync(Task answer, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_look);
        for (var look = 0; look < Patience && !answer.IsCompleted; look++)
        {
            await Task.WhenAny(answer, timer.WaitForNextTickAsync(cancellationToken).AsTask());
            cancellationToken.ThrowIfCancellationRequested();
        }
        return answer.IsCompleted;
    }

#pragma warning disable RS0030 // it may hold its thread, which serves nobody
    private static Answer Converse(NpgsqlConnectionStringBuilder server)
    {
        try
        {
            using var connection = new NpgsqlConnection(server.ConnectionString);
            connection.Open();
            using var question = new NpgsqlCommand(TakesWrites, connection);
            return (bool)question.ExecuteScalar()! ? Answer.TakesWrites : Answer.Presence;
        }
        catch (Exception error) when (error is TimeoutException or NpgsqlException { InnerException: TimeoutException })
        {
            return Answer.Unknown; // the limit came before the looks were over
        }
        catch (NpgsqlException)
        {
            return Answer.Presence; // it is gone, or lets nobody in; who asks it hears so
        }
        finally
        {
            s_hasAsked = true;
        }
    }
#pragma warning restore RS0030
}
