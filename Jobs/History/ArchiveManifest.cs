using System.Text.Json;

namespace Shabou.Jobs.History;

/// <summary>What is in one archived file, beside it as <c>.json</c>. Written last: a file without one does not count.</summary>
/// <param name="Table">The detached month it was.</param>
/// <param name="Rows">Records of the file, its header not counted.</param>
/// <param name="First">The first moment of its rows.</param>
/// <param name="Last">The last one.</param>
/// <param name="Columns">In the order of the file.</param>
/// <param name="Sha256">Of the compressed file, lower-case hex.</param>
/// <param name="Bytes">Of the compressed file.</param>
/// <param name="Schema">The migration the database was at.</param>
/// <param name="WrittenAt">When it was archived.</param>
public sealed record ArchiveManifest(
    string Table, long Rows, DateTimeOffset? First, DateTimeOffset? Last, IReadOnlyList<string> Columns, string Sha256, long Bytes, string Schema, DateTimeOffset WrittenAt)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The manifest in the file; null when there is none, or half of one.</summary>
    public static async Task<ArchiveManifest?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path)) return null;
        await using var file = File.OpenRead(path);
        try
        {
            return await JsonSerializer.DeserializeAsync<ArchiveManifest>(file, s_json, cancellationToken);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Puts it in its place as a whole, or not at all.</summary>
    public async Task WriteAsync(string path, CancellationToken cancellationToken)
    {
        var part = path + ".part";
        await using (var file = File.Create(part))
        {
            await JsonSerializer.SerializeAsync(file, this, s_json, cancellationToken);
            file.Flush(flushToDisk: true);
        }
        File.Move(part, path, overwrite: true);
    }
}
