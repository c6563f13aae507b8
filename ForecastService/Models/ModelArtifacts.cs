using System.Security.Cryptography;
using Npgsql;
using Shabou.Forecasting;

namespace Shabou.ForecastService.Models;

/// <summary>Learned models by version: in this process, from Redis, from the database. Bytes are held against their hash on every load.</summary>
/// <remarks>The model that is served is kept ready, and changed when the database names another one. When the bytes of that one are damaged,
/// the newest older version whose bytes are whole is served from then on, by all replicas, and a critical alert says so.</remarks>
internal sealed partial class ModelArtifacts(ModelCopies copies, ILogger<ModelArtifacts> logger) : IDisposable
{
    private const string Heads = """
        SELECT v.id, v.version, a.sha256, v.code_version, v.created_at
        FROM forecast.model_versions v JOIN forecast.model_artifacts a ON a.model_version_id = v.id
        """;

    private readonly SemaphoreSlim _loading = new(1);
    private volatile LoadedModel? _served;

    /// <summary>The model that is served now, in one round trip when it is ready.</summary>
    /// <param name="connection">Open, without a transaction.</param>
    /// <returns>Null when nothing was trained yet, or by a program that kept no models.</returns>
    /// <exception cref="ModelUnusableException">No version's bytes are whole, or this program does not know their format.</exception>
    public async Task<LoadedModel?> ServedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await FindAsync(connection, "WHERE v.active", null, cancellationToken) is not { } head) return null;
        if (_served is { } ready && ready.Head == head) return ready;
        await _loading.WaitAsync(cancellationToken);
        try
        {
            if (_served is { } loaded && loaded.Head == head) return loaded;
            try
            {
                return _served = await LoadAsync(connection, head, cancellationToken);
            }
            catch (ArtifactDamagedException)
            {
                LogDamaged(head.Version, head.Sha256);
                return _served = await ServeOlderAsync(connection, head, cancellationToken);
            }
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>The model of any stored version.</summary>
    /// <returns>Null when there is no such version or it has no artefact.</returns>
    /// <exception cref="ModelUnusableException">Its bytes are damaged, or this program does not know their format.</exception>
    public async Task<LoadedModel?> FindAsync(NpgsqlConnection connection, string version, CancellationToken cancellationToken)
    {
        if (await FindAsync(connection, "WHERE v.version = $1", version, cancellationToken) is not { } head) return null;
        if (_served is { } ready && ready.Head == head) return ready;
        try
        {
            return await LoadAsync(connection, head, cancellationToken);
        }
        catch (ArtifactDamagedException)
        {
            LogDamaged(head.Version, head.Sha256);
            await RefusedArtifact.SayAsync(connection, head, cancellationToken);
            throw new ModelUnusableException($"The stored model {head.Version} is damaged: its bytes do not match their hash.");
        }
    }

    public void Dispose() => _loading.Dispose();

    private async Task<LoadedModel> ServeOlderAsync(NpgsqlConnection connection, ModelHead damaged, CancellationToken cancellationToken)
    {
        await RefusedArtifact.SayAsync(connection, damaged, cancellationToken);
        await RefusedArtifact.ServeOlderAsync(connection, damaged, cancellationToken);
        if (await FindAsync(connection, "WHERE v.active", null, cancellationToken) is { } older && older.Id != damaged.Id)
        {
            LogOlder(older.Version, damaged.Version);
            return await LoadAsync(connection, older, cancellationToken);
        }

        throw new ModelUnusableException($"The stored model {damaged.Version} is damaged and there is no older one; start a training run.");
    }

    private async Task<LoadedModel> LoadAsync(NpgsqlConnection connection, ModelHead head, CancellationToken cancellationToken)
    {
        var bytes = await copies.FindAsync(head);
        if (bytes is not null && !IsWhole(bytes, head))
        {
            LogCopyDamaged(head.Version, head.Sha256);
            bytes = null;
        }

        if (bytes is null)
        {
            bytes = await ReadAsync(connection, head, cancellationToken);
            await copies.KeepAsync(head, bytes);
        }

        try
        {
            return new LoadedModel(head, ForecastModel.FromBytes(bytes));
        }
        catch (InvalidDataException error)
        {
            throw new ModelUnusableException($"The model {head.Version} was made by {head.CodeVersion} in a form that this program does not know; start a training run.", error);
        }
    }

    private static async Task<byte[]> ReadAsync(NpgsqlConnection connection, ModelHead head, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT bytes FROM forecast.model_artifacts WHERE model_version_id = $1", connection) { Parameters = { new() { Value = head.Id } } };
        return await command.ExecuteScalarAsync(cancellationToken) is byte[] bytes && IsWhole(bytes, head) ? bytes : throw new ArtifactDamagedException();
    }

    private static bool IsWhole(byte[] bytes, ModelHead head) => Convert.ToHexStringLower(SHA256.HashData(bytes)) == head.Sha256;

    private static async Task<ModelHead?> FindAsync(NpgsqlConnection connection, string where, string? version, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"{Heads} {where}", connection);
        if (version is not null) command.Parameters.Add(new() { Value = version });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        return await rows.ReadAsync(cancellationToken)
            ? new ModelHead(rows.GetGuid(0), rows.GetString(1), rows.GetString(2), rows.GetString(3), await rows.GetFieldValueAsync<DateTimeOffset>(4, cancellationToken))
            : null;
    }

    private sealed class ArtifactDamagedException : Exception;

    [LoggerMessage(LogLevel.Critical, "The artefact of model {Version} does not match its hash {Sha256} and is refused")]
    private partial void LogDamaged(string version, string sha256);

    [LoggerMessage(LogLevel.Warning, "The copy of model {Version} in Redis does not match its hash {Sha256}; it is replaced from the database")]
    private partial void LogCopyDamaged(string version, string sha256);

    [LoggerMessage(LogLevel.Warning, "Model {Version} is served again instead of {Damaged}")]
    private partial void LogOlder(string version, string damaged);
}
