using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.Gateway.Identity.Tokens;

namespace Shabou.Gateway.Identity.Keys;

/// <summary>The key ring in the database: read by every gateway, written by one at a time.</summary>
internal sealed partial class KeyRingStore(
    NpgsqlDataSource database, IDataProtectionProvider protection, ProtectionKeys protectionKeys, IOptions<TokenOptions> options, TimeProvider time, ILogger<KeyRingStore> logger)
{
    private readonly IDataProtector _protector = protection.CreateProtector("Shabou.Gateway.SigningKeys.v1");
    private Dictionary<string, RingKey> _known = []; // by kid: opening a private key once is enough

    internal async Task<KeyRing> ReadAsync(CancellationToken cancellationToken)
    {
        var keys = new Dictionary<string, RingKey>(StringComparer.Ordinal);
        await using var command = database.CreateCommand(
            "SELECT kid, public_key, private_key, created_at, signs_from, valid_until FROM identity.signing_keys WHERE valid_until > $1");
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            var (kid, createdAt, signsFrom, validUntil) = (row.GetString(0), Time(row, 3), Time(row, 4), Time(row, 5));
            keys[kid] = _known.TryGetValue(kid, out var known)
                ? known with { ValidUntil = validUntil }
                : RingKey.From(kid, row.GetFieldValue<byte[]>(1), Open(kid, row.GetString(2)), createdAt, signsFrom, validUntil);
        }
        _known = keys;
        return new KeyRing(keys.Values);
    }

    /// <summary>Makes the first key, or the next one when the youngest has reached its age. Whoever comes second finds it done.</summary>
    internal Task EnsureAsync(CancellationToken cancellationToken) => LockedAsync(async () =>
    {
        await protectionKeys.EnsureAsync(cancellationToken);
        var (ring, now) = (await ReadAsync(cancellationToken), time.GetUtcNow());
        if (IsDue(ring, now))
            await AddAsync(ring.Signing(now) is null ? now : now + options.Value.PublishBefore, revokeOthers: false, cancellationToken);
    }, cancellationToken);

    /// <summary>Makes a new key now, whatever the age of the others.</summary>
    /// <param name="revokeOthers">The others are no longer believed from here on and the new one signs at once; else it signs once
    /// every gateway has read it.</param>
    internal Task RotateAsync(bool revokeOthers, CancellationToken cancellationToken) => LockedAsync(async () =>
    {
        var now = time.GetUtcNow();
        await AddAsync(revokeOthers ? now : now + (3 * options.Value.ReadEvery), revokeOthers, cancellationToken);
    }, cancellationToken);

    internal bool IsDue(KeyRing ring, DateTimeOffset now) =>
        ring.Signing(now) is null || ring.Youngest is not { } youngest || now >= youngest.SignsFrom + options.Value.RenewAge;

    private async Task AddAsync(DateTimeOffset signsFrom, bool revokeOthers, CancellationToken cancellationToken)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var kid = RingKey.KidOf(pair);
        await using var batch = database.CreateBatch(); // one transaction
        var others = new NpgsqlBatchCommand(revokeOthers
            ? "DELETE FROM identity.signing_keys"
            : "UPDATE identity.signing_keys SET valid_until = LEAST(valid_until, GREATEST(signs_from, $1) + $2)");
        if (!revokeOthers)
        {
            others.Parameters.Add(new() { Value = signsFrom });
            others.Parameters.Add(new() { Value = options.Value.Afterlife });
        }
        batch.BatchCommands.Add(others);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "INSERT INTO identity.signing_keys (kid, public_key, private_key, created_at, signs_from, valid_until) VALUES ($1, $2, $3, LEAST($4, $5), $5, $6)")
        {
            Parameters =
            {
                new() { Value = kid }, new() { Value = pair.ExportSubjectPublicKeyInfo() }, new() { Value = Seal(pair) },
                new() { Value = time.GetUtcNow() }, new() { Value = signsFrom }, new() { Value = DateTimeOffset.MaxValue },
            },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("DELETE FROM identity.signing_keys WHERE valid_until < $1") { Parameters = { new() { Value = time.GetUtcNow() } } });
        await batch.ExecuteNonQueryAsync(cancellationToken);
        LogMade(kid, signsFrom, revokeOthers ? "revoked" : "kept until their tokens have expired");
    }

    private async Task LockedAsync(Func<Task> act, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1)", connection, transaction) { Parameters = { new() { Value = IdentityLocks.Keys } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
        await act();
        await transaction.CommitAsync(cancellationToken);
    }

    private string Seal(ECDsa pair)
    {
        var plain = pair.ExportPkcs8PrivateKey();
        var sealedKey = Convert.ToBase64String(_protector.Protect(plain));
        CryptographicOperations.ZeroMemory(plain);
        return sealedKey;
    }

    private byte[] Open(string kid, string sealedKey)
    {
        try
        {
            return _protector.Unprotect(Convert.FromBase64String(sealedKey));
        }
        catch (Exception error) when (error is CryptographicException or FormatException or WrongMasterKeyException)
        {
            LogCannotOpen(kid, error.Message);
            return [];
        }
    }

    private static DateTimeOffset Time(NpgsqlDataReader row, int column) => row.GetFieldValue<DateTimeOffset>(column);

    [LoggerMessage(LogLevel.Warning, "A new signing key {Kid} was made and signs from {SignsFrom:u}; the others are {Others}")]
    private partial void LogMade(string kid, DateTimeOffset signsFrom, string others);

    [LoggerMessage(LogLevel.Error, "The private part of signing key {Kid} cannot be opened, so it only verifies: {Reason}")]
    private partial void LogCannotOpen(string kid, string reason);
}
