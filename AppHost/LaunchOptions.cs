using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Shabou.AppHost;

/// <summary>What may stand on the command line: <c>--replicas N</c>, <c>--standby</c>, the host's own options, and configuration as <c>Key=value</c>.</summary>
/// <param name="Replicas">Replicas of each service, 1 to 8; null when the command line does not say.</param>
internal sealed record LaunchOptions(int? Replicas)
{
    private const int MostReplicas = 8;

    /// <summary>Whether the command line asks for a standby of the database.</summary>
    public bool Standby { get; private init; }

    /// <summary>The command line without what only we understand.</summary>
    public string[] HostArguments { get; private init; } = [];

    // Options of the genuine host and of the .NET host, each with a value.
    private static readonly HashSet<string> s_hostOptions = new(StringComparer.OrdinalIgnoreCase)
    {
        "operation", "publisher", "output-path", "step", "log-level", "pipeline-log-level", "environment", "contentRoot", "applicationName",
    };

    /// <summary>Reads the command line, or says on standard error what is wrong with it and sets exit code 2.</summary>
    public static bool TryRead(string[] args, [NotNullWhen(true)] out LaunchOptions? options)
    {
        options = null;
        try
        {
            options = Read(args);
            return true;
        }
        catch (FormatException refused)
        {
            Console.Error.WriteLine(refused.Message);
            Environment.ExitCode = 2;
            return false;
        }
    }

    /// <exception cref="FormatException">An option is unknown or has no valid value; the message is one sentence for the user.</exception>
    public static LaunchOptions Read(string[] args)
    {
        int? replicas = null;
        string[] host = [.. args.Where(a => !IsStandby(a))];
        var standby = host.Length < args.Length;
        args = host;
        for (var i = 0; i < args.Length; i++)
        {
            var (name, value) = Split(args[i]);
            if (name is null && value is not null)
                continue; // key=value
            if (name is null)
                throw Unknown(args[i]);

            var isReplicas = name.Equals("replicas", StringComparison.OrdinalIgnoreCase);
            if (!isReplicas && !s_hostOptions.Contains(name) && !name.Contains(':'))
                throw Unknown(args[i]);
            value ??= i + 1 < args.Length ? args[++i] : throw new FormatException($"The option '{args[i]}' needs a value.");
            if (isReplicas)
                replicas = Parse(value);
        }

        return new(replicas) { Standby = standby, HostArguments = host };
    }

    /// <summary>The command line's number, else configuration <c>Replicas</c>, else 1.</summary>
    /// <exception cref="FormatException">Configuration has no valid number.</exception>
    public int ReplicasOr(IConfiguration configuration) => Replicas ?? (configuration["Replicas"] is { Length: > 0 } text ? Parse(text) : 1);

    /// <summary>Whether the command line, or configuration <c>Postgres:Standby</c>, asks for a standby.</summary>
    public bool StandbyOr(IConfiguration configuration) => Standby || (bool.TryParse(configuration["Postgres:Standby"], out var configured) && configured);

    // A word of its own: the host's reader of the command line would take what follows for its value.
    private static bool IsStandby(string argument) => argument.Equals("--standby", StringComparison.OrdinalIgnoreCase);

    private static (string? Name, string? Value) Split(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        var (name, value) = equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
        return name.StartsWith("--", StringComparison.Ordinal) ? (name[2..], value)
            : name.StartsWith('/') ? (name[1..], value)
            : (null, value);
    }

    private static int Parse(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MostReplicas
            ? number
            : throw new FormatException($"'{text}' is not a number of replicas: use 1 to {MostReplicas}.");

    private static FormatException Unknown(string argument) =>
        new($"The option '{argument}' is unknown: use --replicas N (1 to {MostReplicas}), --standby, or configuration as --Section:Key=value.");
}
