using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Shabou.AppHost;

/// <summary>
/// How many connections each replica of a service may hold, and why the server never runs out of them:
/// sum(replicas x pool) + reserve must not exceed <see cref="MaxConnections"/>.
/// </summary>
/// <param name="Replicas">Replicas of each service, 1 to 8; the gateway has one.</param>
/// <param name="Catalog">Connections per replica of the catalog.</param>
/// <param name="Forecast">Connections per replica of the forecaster.</param>
/// <param name="Prospector">Connections per replica of the prospector.</param>
/// <param name="Gateway">Connections of the gateway, which reads API keys only.</param>
internal sealed record PoolPlan(int Replicas, int Catalog, int Forecast, int Prospector, int Gateway)
{
    /// <summary>What PostgreSQL is started with.</summary>
    public const int MaxConnections = 220;

    /// <summary>Of each service's share: one for the readiness check, one for the question whether the database hangs.</summary>
    public const int BesidePool = 2;

    /// <summary>Of the backup service: one that reads the data, one that writes down what was made, one that answers commands. The stream of the
    /// write-ahead log counts for max_wal_senders, not here.</summary>
    public const int Backup = 3;

    /// <summary>Of the standby's supervisor, and for pg_rewind, which rejoins a server by ordinary connections.</summary>
    public const int Standby = 4;

    /// <summary>Kept free for the migrator, pg_dump, PostgreSQL's own superuser slots, and a person with psql.</summary>
    public const int Reserve = 10;

    /// <summary>All connections the plan can open at once, with the reserve.</summary>
    public int Total => Replicas * (Catalog + Forecast + Prospector) + Gateway + Backup + Standby + Reserve;

    /// <summary><see cref="Total"/> for those who can ask the server whether it lets so many in: it may not be ours.</summary>
    public string Planned => Total.ToString(CultureInfo.InvariantCulture);

    /// <summary>The pools for so many replicas of each service.</summary>
    public static PoolPlan For(int replicas) => new(replicas, Catalog: 20, Forecast: 15, Prospector: 10, Gateway: 10);

    /// <summary>Null when the plan fits, else one sentence with the numbers and the remedy.</summary>
    public string? Objection() => Total <= MaxConnections
        ? null
        : $"{Replicas} replicas need {Total} PostgreSQL connections ({Replicas} x ({Catalog} catalog + {Forecast} forecast + {Prospector} prospector) + {Gateway} gateway + {Backup} backup + {Standby} standby + {Reserve} reserve), more than max_connections = {MaxConnections}: start fewer replicas, or raise PoolPlan.MaxConnections.";

    /// <summary>Makes the plan for the replicas wanted, or says on standard error why not and sets exit code 2.</summary>
    public static bool TryMake(LaunchOptions options, IConfiguration configuration, [NotNullWhen(true)] out PoolPlan? plan)
    {
        try
        {
            plan = For(options.ReplicasOr(configuration));
            return plan.Objection() is not { } objection || Refuse(objection);
        }
        catch (FormatException wrongNumber)
        {
            plan = null;
            return Refuse(wrongNumber.Message);
        }
    }

    private static bool Refuse(string sentence)
    {
        Console.Error.WriteLine(sentence);
        Environment.ExitCode = 2;
        return false;
    }
}
