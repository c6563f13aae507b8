namespace Shabou.Backups.Places;

/// <summary>A second place for backups: names with slashes and the files behind them, as every object store has them.</summary>
internal interface IBackupPlace
{
    /// <summary>For messages.</summary>
    string Name { get; }

    /// <summary>All names below a prefix, with their lengths. What is not whole yet has another name than it will have.</summary>
    Task<IReadOnlyDictionary<string, long>> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Stores a file under a name that is free: whole, or not at all.</summary>
    /// <param name="sha256">What the file must have, lower-case hexadecimal.</param>
    /// <exception cref="BackupException">It has another one: it changed while it was copied. The name is still free.</exception>
    /// <exception cref="IOException">The place is away or full, or the name is taken. What has the name is as it was.</exception>
    Task PutAsync(string name, string file, string sha256, CancellationToken cancellationToken);

    /// <summary>A small file.</summary>
    Task<byte[]> ReadAsync(string name, CancellationToken cancellationToken);

    Task RemoveAsync(string name, CancellationToken cancellationToken);
}
