using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Shabou.Schema.SecretAges;

/// <summary>Notes when this program's secrets were first in use, so that somebody notices when one should have been replaced long ago. A new value
/// starts a new age. Metric <c>shabou.secrets.age {s}</c>, tag <c>name</c>.</summary>
/// <remarks>Without the database ages stay as last known, or unknown; nothing else depends on them.</remarks>
internal sealed partial class SecretAges : BackgroundService
{
    internal const string MeterName = "Shabou.Secrets";

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan AgainAfterFailure = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // Slow on purpose: somebody who reads the table must not be able to guess a short password by it.
    private const int Iterations = 50_000;
    private const int FingerprintBytes = 32;

    private readonly ConcurrentDictionary<string, DateTimeOffset> _firstSeen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Value, byte[] Fingerprint)> _fingerprints = new(StringComparer.Ordinal);
    private readonly IEnumerable<WatchedSecret> _secrets;
    private readonly IConfiguration _configuration;
    private readonly SpareConnection _spare;
    private readonly TimeProvider _time;
    private readonly ILogger<SecretAges> _logger;

    public SecretAges(IEnumerable<WatchedSecret> secrets, IConfiguration configuration, SpareConnection spare, TimeProvider time, IMeterFactory meters, ILogger<SecretAges> logger)
    {
        (_secrets, _configuration, _spare, _time, _logger) = (secrets, configuration, spare, time, logger);
        meters.Create(MeterName).CreateObservableGauge("shabou.secrets.age", Ages, "s", "How long a secret's present value has been in use.");
    }

    /// <summary>Notes what is in use now.</summary>
    internal async Task NoteAsync(CancellationToken cancellationToken)
    {
        if (_configuration.GetConnectionString(ShabouContext.ConnectionName) is not { Length: > 0 }) return;
        var inUse = _secrets.Select(secret => (secret.Name, Value: secret.Read(_configuration))).Where(secret => secret.Value is { Length: > 0 })
            .Select(secret => (secret.Name, Fingerprint: FingerprintOf(secret.Name, secret.Value!))).ToList();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        await _spare.UseAsync(async connection =>
        {
            foreach (var (name, fingerprint) in inUse) _firstSeen[name] = await FirstSeenAsync(connection, name, fingerprint, limit.Token);
            return inUse.Count;
        }, limit.Token);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // the fingerprints take their time, and the host need not wait for them
        using var timer = new PeriodicTimer(Every, _time);
        do
        {
            try
            {
                await NoteAsync(stoppingToken);
                timer.Period = Every;
            }
            catch (Exception error) when (error is DbException or TimeoutException or OperationCanceledException && !stoppingToken.IsCancellationRequested)
            {
                LogUnknown(error.Message);
                timer.Period = AgainAfterFailure;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<DateTimeOffset> FirstSeenAsync(NpgsqlConnection connection, string name, byte[] fingerprint, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            WITH noted AS (INSERT INTO ops.secret_versions (name, fingerprint, first_seen_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING)
            SELECT first_seen_at FROM ops.secret_versions WHERE name = $1 AND fingerprint = $2
            """, connection)
        { Parameters = { new() { Value = name }, new() { Value = fingerprint }, new() { Value = _time.GetUtcNow() } } };
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime known ? new DateTimeOffset(known, TimeSpan.Zero) : _time.GetUtcNow(); // a row just made is not yet seen by its own statement
    }

    private byte[] FingerprintOf(string name, string value)
    {
        if (_fingerprints.TryGetValue(name, out var known) && known.Value == value) return known.Fingerprint;
        var fingerprint = Rfc2898DeriveBytes.Pbkdf2(value, Encoding.UTF8.GetBytes($"shabou secret {name}"), Iterations, HashAlgorithmName.SHA256, FingerprintBytes);
        _fingerprints[name] = (value, fingerprint);
        return fingerprint;
    }

    private IEnumerable<Measurement<double>> Ages() =>
        _firstSeen.Select(secret => new Measurement<double>((_time.GetUtcNow() - secret.Value).TotalSeconds, KeyValuePair.Create<string, object?>("name", secret.Key)));

    [LoggerMessage(LogLevel.Warning, "The ages of secrets could not be noted ({Reason}); asked again in a minute")]
    private partial void LogUnknown(string reason);
}
