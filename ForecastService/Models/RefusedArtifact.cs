using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Shabou.Schema.Ops;

namespace Shabou.ForecastService.Models;

/// <summary>What is done about an artefact whose bytes do not match their hash.</summary>
internal static class RefusedArtifact
{
    /// <summary>The alert's kind.</summary>
    public const string Kind = "model-artifact-damaged";

    // The server looks at both itself: only what is damaged where it is stored is replaced, and only by what is whole.
    private const string Replace = """
        WITH whole AS (
            SELECT v.id FROM forecast.model_versions v JOIN forecast.model_artifacts a ON a.model_version_id = v.id
            WHERE v.id < @id AND encode(sha256(a.bytes), 'hex') = a.sha256 ORDER BY v.id DESC LIMIT 1)
        UPDATE forecast.model_versions v SET active = FALSE FROM forecast.model_artifacts a
        WHERE v.id = @id AND v.active AND a.model_version_id = v.id AND encode(sha256(a.bytes), 'hex') <> a.sha256 AND EXISTS (SELECT FROM whole);
        UPDATE forecast.model_versions SET active = TRUE
        WHERE NOT EXISTS (SELECT FROM forecast.model_versions WHERE active) AND id = (
            SELECT v.id FROM forecast.model_versions v JOIN forecast.model_artifacts a ON a.model_version_id = v.id
            WHERE v.id < @id AND encode(sha256(a.bytes), 'hex') = a.sha256 ORDER BY v.id DESC LIMIT 1);
        """;

    private const string Insert = """
        INSERT INTO ops.alerts (id, kind, subject, severity, summary, detail, once_key, created_at, attempts)
        VALUES (@id, @kind, @subject, @severity, @summary, @detail, @once, now(), 0) ON CONFLICT DO NOTHING
        """;

    /// <summary>Says it once, however many replicas find out.</summary>
    public static async Task SayAsync(NpgsqlConnection connection, ModelHead model, CancellationToken cancellationToken)
    {
        await using var insert = new NpgsqlCommand(Insert, connection)
        {
            Parameters =
            {
                new("id", Guid.CreateVersion7()), new("kind", Kind), new("subject", model.Version), new("severity", nameof(AlertSeverity.Critical)),
                new("summary", $"The stored model {model.Version} is damaged and refused; an older one is served if there is one. Look at the disk, then start a training run."),
                new("detail", NpgsqlDbType.Jsonb) { Value = JsonSerializer.Serialize(model, JsonSerializerOptions.Web) }, new("once", $"{Kind}:{model.Version}"),
            },
        };
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Serves the newest older version whose bytes are whole; changes nothing when there is none.</summary>
    public static async Task ServeOlderAsync(NpgsqlConnection connection, ModelHead damaged, CancellationToken cancellationToken)
    {
        await using var replace = new NpgsqlCommand(Replace, connection) { Parameters = { new("id", damaged.Id) }, CommandTimeout = 120 };
        await replace.ExecuteNonQueryAsync(cancellationToken); // both statements are one transaction
    }
}
