using Microsoft.AspNetCore.Http;
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

    /// <summary>A question is given thrice the time of the last, up to this: while the process itself is slow, so is every answer. The first one gets it too, as
    /// its code is compiled meanwhile.</summary>
    private const int MostPatience = 75;

    /// <summary>For the driver, which counts seconds: more than the looks take.</summary>
    private const int LimitSeconds = 30;

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(0.2);
    private static volatile int s_lastTook = MostPatience / 3;

    private const string TakesWrites = "SELECT NOT pg_is_in_recovery() AND current_setting('default_transaction_read_only') = 'off'";

    private enum Answer { Silence, Presence, TakesWrites }

    /// <summary>True as soon as a server says that it takes writes, and when none is silent: one that refuses or only reads has answered. One that is silent for
    /// three seconds, or longer while this process is slow, is taken for dead: this process's connections to it are cut.</summary>
    /// <remarks>The plan of connections counts it beside the <see cref="SpareConnection"/>, whose users wait for each other.</remarks>
    public static async Task<bool> AskAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var connection = await SpareConnection.LoginAsync(services.GetRequiredService<IConfiguration>(), cancellationToken);
        (connection.Timeout, connection.CommandTimeout, connection.CancellationTimeout) = (LimitSeconds, LimitSeconds, -1);
        connection.Remove("Target Session Attributes");
        var asked = (connection.Host ?? "").Split(',', StringSplitOptions.TrimEntries).Select(host => At(host, connection))
            .Select(server => OnItsOwnThread(() => Ask(server, cancellationToken))).ToList();
        var isThere = true;
        await foreach (var answered in Task.WhenEach(asked).WithCancellation(cancellationToken))
        {
            var answer = await answered;
            if (answer == Answer.TakesWrites) return true;
            isThere &= answer != Answer.Silence;
        }
        return isThere;
    }

    private static NpgsqlConnectionStringBuilder At(string host, NpgsqlConnectionStringBuilder connection)
    {
        var server = new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Host = host };
        if (!host.StartsWith('/') && new HostString(host) is { Port: { } port } at) (server.Host, server.Port) = (at.Host, port); // else a socket's folder, or a host alone
        return server;
    }

    // Where callers crowd the pool, every answer and every look would stand in their queue: answers would look like silence, and silence would not be seen.
    private static Task<Answer> OnItsOwnThread(Func<Answer> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

#pragma warning disable RS0030 // it may hold its threads, which serve nobody
    private static Answer Ask(NpgsqlConnectionStringBuilder server, CancellationToken cancellationToken)
    {
        var answer = OnItsOwnThread(() => Converse(server));
        var patience = Math.Clamp(3 * s_lastTook, Patience, MostPatience);
        for (var look = 0; look < patience; look++)
        {
            if (!answer.Wait(s_look, cancellationToken)) continue;
            s_lastTook = look;
            return answer.Result;
        }
        s_lastTook = 0;
        CutConnections.To(server.Host!, server.Port); // the question's own too
        return Answer.Silence;
    }

    private static Answer Converse(NpgsqlConnectionStringBuilder server)
    {
        try
        {
            using var connection = new NpgsqlConnection(server.ConnectionString);
            connection.Open();
            using var question = new NpgsqlCommand(TakesWrites, connection);
            return (bool)question.ExecuteScalar()! ? Answer.TakesWrites : Answer.Presence;
        }
        catch (NpgsqlException)
        {
            return Answer.Presence; // it is gone, or lets nobody in, and who asks it hears so; or the limit came before the looks were over
        }
    }
#pragma warning restore RS0030
}
