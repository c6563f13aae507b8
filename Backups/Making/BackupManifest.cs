using System.Text.Json;

namespace Shabou.Backups.Making;

/// <summary>What is in one backup: file <c>manifest.json</c> beside it.</summary>
internal sealed record BackupManifest
{
    public const string FileName = "manifest.json";
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary><c>base</c> or <c>dump</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The database that the rows were counted in.</summary>
    public required string Database { get; init; }

    /// <summary>The role that made it: it could read everything.</summary>
    public required string Role { get; init; }

    /// <summary>Id of the last migration applied; null for a database without any.</summary>
    public required string? SchemaVersion { get; init; }

    public required string SystemIdentifier { get; init; }

    /// <summary>Major version, such as 15.</summary>
    public required int ServerVersion { get; init; }

    /// <summary>Where the server had its data, on its own machine.</summary>
    public required string? DataDirectory { get; init; }

    public required int Timeline { get; init; }

    /// <summary>A dump: where the WAL was when it was made. A base backup: from where WAL is needed.</summary>
    public required string WalStart { get; init; }

    /// <summary>A base backup: up to where WAL is needed at least.</summary>
    public string? WalEnd { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>Rows of each table, counted in one snapshot; a dump is of that very snapshot.</summary>
    public required IReadOnlyDictionary<string, long> Rows { get; init; }

    /// <summary>Tables that changed while a base backup was made: their count in it lies anywhere.</summary>
    public IReadOnlyList<string> Changed { get; init; } = [];

    public required IReadOnlyList<BackupFile> Files { get; init; }

    public long Bytes => Files.Sum(file => file.Bytes);

    /// <exception cref="BackupException">There is none, or it cannot be read.</exception>
    public static BackupManifest Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return Parse(File.ReadAllBytes(path));
        }
        catch (Exception error) when (error is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new BackupException($"The backup {folder} has no readable {FileName} ({error.Message.TrimEnd('.')}): use another backup.", error) { IsDamage = true };
        }
    }

    /// <exception cref="JsonException">These are not the bytes of one.</exception>
    public static BackupManifest Parse(byte[] bytes) => JsonSerializer.Deserialize<BackupManifest>(bytes, s_json) ?? throw new JsonException("it is empty");

    public void Write(string folder) => File.WriteAllBytes(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, s_json));
}

/// <summary>One file of a backup.</summary>
/// <param name="Sha256">Lower-case hexadecimal.</param>
internal sealed record BackupFile(string Name, long Bytes, string Sha256);
