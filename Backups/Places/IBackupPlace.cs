namespace Shabou.Backups.Places;

/// <summary>A second place for backups: names with slashes and the files behind them, as every object store has them.</summary>
internal interface IBackupPlace
{
    /// <summary>For messages.</summary>
    string Name { get; }

    /// <summary>All names below a prefix, with their lengths.</summary>
    Task<IReadOnlyDictionary<string, long>> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Stores a file under a name: whole, or not at all.</summary>
    Task PutAsync(string name, string file, CancellationToken cancellationToken);

    Task RemoveAsync(string name, CancellationToken cancellationToken);
}
