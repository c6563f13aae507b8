using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;
using Shabou.Schema.Forecast;

namespace Shabou.ForecastService.Training;

/// <summary>Writes a model version with its artefact, serves it instead of the one before, and lets old ones go. The caller's transaction
/// makes it one step for readers.</summary>
internal static class StoreModel
{
    private const string InsertVersion = """
        UPDATE forecast.model_versions SET active = FALSE WHERE active;
        INSERT INTO forecast.model_versions (id, version, job_id, data_sha256, code_version, parameters, seed, fingerprint, window_start, window_end,
            series_count, fallbacks, horizon, quantile_levels, active, created_at)
        VALUES (@id, @version, @job, @hash, @code, @parameters, @seed, @fingerprint, @start, @end, @series, @fallbacks, @horizon, @levels, TRUE, @created);
        DELETE FROM forecast.model_versions WHERE id NOT IN (SELECT id FROM forecast.model_versions ORDER BY id DESC LIMIT @keep);
        """;

    // What arrived is hashed by the server: an artefact damaged on its way takes its version with it.
    private const string InsertArtifact = """
        INSERT INTO forecast.model_artifacts (model_version_id, sha256, size, bytes) VALUES (@id, @sha256, @size, @bytes)
        RETURNING encode(sha256(bytes), 'hex') = sha256
        """;

    /// <exception cref="InvalidDataException">The artefact did not arrive as it was sent.</exception>
    public static async Task RunAsync(NpgsqlConnection connection, ModelVersion version, TrainedParts trained, IReadOnlyList<byte[]> inputs,
        IEnumerable<ScoredMethod> scores, int keepVersions, CancellationToken cancellationToken)
    {
        await InsertVersionAsync(connection, version, keepVersions, cancellationToken);
        await InsertArtifactAsync(connection, version.Id, trained.Model.ToBytes(), cancellationToken);
        await StoreForecasts.RunAsync(connection, version.Id, trained, inputs, cancellationToken);
        await StoreAccuracy.RunAsync(connection, version.Id, trained, scores, cancellationToken);
    }

    private static async Task InsertVersionAsync(NpgsqlConnection connection, ModelVersion version, int keepVersions, CancellationToken cancellationToken)
    {
        await using var insert = new NpgsqlCommand(InsertVersion, connection)
        {
            CommandTimeout = 120,
            Parameters =
            {
                new("id", version.Id), new("version", version.Version), new("job", version.JobId), new("hash", version.DataSha256),
                new("code", version.CodeVersion), new("parameters", NpgsqlDbType.Jsonb) { Value = version.Parameters },
                new("seed", version.Seed), new("fingerprint", (object?)version.Fingerprint ?? DBNull.Value),
                new("start", version.WindowStart), new("end", version.WindowEnd), new("series", version.SeriesCount), new("fallbacks", version.Fallbacks),
                new("horizon", version.Horizon), new("levels", version.QuantileLevels), new("created", version.CreatedAt), new("keep", keepVersions),
            },
        };
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task InsertArtifactAsync(NpgsqlConnection connection, Guid version, byte[] bytes, CancellationToken cancellationToken)
    {
        await using var insert = new NpgsqlCommand(InsertArtifact, connection)
        {
            CommandTimeout = 120,
            Parameters = { new("id", version), new("sha256", Convert.ToHexStringLower(SHA256.HashData(bytes))), new("size", bytes.Length), new("bytes", bytes) },
        };
        if (await insert.ExecuteScalarAsync(cancellationToken) is not true)
            throw new InvalidDataException("The model's artefact did not arrive in the database as it was sent.");
    }
}
