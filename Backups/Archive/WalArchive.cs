using Shabou.Backups.Making;
using Shabou.Backups.Places;

namespace Shabou.Backups.Archive;

/// <summary>The archived WAL of one server. Each time the archive had to begin anew it did so in a folder of its own; together they are one.</summary>
internal sealed class WalArchive
{
    private readonly string _folder;

    /// <param name="folder">See <see cref="BackupShelf.Wal"/>; it need not exist.</param>
    public WalArchive(string folder) => _folder = folder;

    /// <summary>Of a segment: that of most files, as one of them may be truncated, or PostgreSQL's default.</summary>
    public long SegmentSize => SizeOf(Files().Where(file => WalSegment.Of(file) is not null).Select(file => new FileInfo(file).Length));

    /// <summary>The same, of segments that have these lengths.</summary>
    public static long SizeOf(IEnumerable<long> lengths) =>
        lengths.Where(length => length > 0).GroupBy(length => length).OrderByDescending(same => same.Count()).ThenByDescending(same => same.Key).Select(same => same.Key).FirstOrDefault(16L << 20);

    /// <summary>The histories of timelines: where one left another.</summary>
    public IReadOnlyList<string> Histories => [.. Files().Where(file => file.EndsWith(".history", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>Each segment once: a whole one rather than a partial one, that of a later folder rather than that of an earlier.</summary>
    public IReadOnlyList<WalSegment> Segments() =>
    [
        .. Files().Order(StringComparer.Ordinal).Select(WalSegment.Of).OfType<WalSegment>().Where(segment => !segment.IsPartial || !segment.IsBlank())
            .GroupBy(segment => segment.Name).Select(same => same.OrderBy(segment => segment.IsPartial).ThenByDescending(segment => segment.Path, StringComparer.Ordinal).First())
            .OrderBy(segment => segment.Log).ThenBy(segment => segment.Part).ThenBy(segment => segment.Timeline),
    ];

    /// <summary>Those that are whole, without a look into any file: one that is received now may get its name meanwhile.</summary>
    public IEnumerable<WalSegment> Closed() => Files().Order(StringComparer.Ordinal).Select(WalSegment.Of).OfType<WalSegment>().Where(segment => !segment.IsPartial).GroupBy(segment => segment.Name).Select(same => same.Last());

    /// <summary>Whether WAL is missing between the archive's end and the segment of this position, with which it goes on.</summary>
    public bool EndsBefore(string? position)
    {
        if (position is null || Segments() is not [.., var last]) return false;
        var size = (ulong)SegmentSize;
        var next = last.Start((long)size) / size + (last.IsPartial ? 0ul : 1ul);
        return WalSegment.Position(position) / size > next;
    }

    /// <summary>What a recovery from this base backup reads, up to the end of the archive.</summary>
    /// <exception cref="BackupException">A segment in between is missing, truncated or of another server; the message names it.</exception>
    public IReadOnlyList<WalSegment> ChainFrom(BackupManifest backup)
    {
        var size = SegmentSize;
        var lineage = TimelineLineage.Read(Histories, backup.Timeline);
        var from = WalSegment.Position(backup.WalStart) / (ulong)size;
        var candidates = Segments().Where(segment => segment.Start(size) / (ulong)size >= from && lineage.Has(segment.Timeline)).ToLookup(segment => segment.Start(size) / (ulong)size);
        if (candidates.Count == 0) return [];
        var last = candidates.Max(group => group.Key);
        var chain = new List<WalSegment>();
        for (var number = from; number <= last; number++)
        {
            var position = number * (ulong)size;
            // The newest timeline that had begun: a segment in which one left another is in both.
            var segment = candidates[number].Where(found => lineage.Wrote(found.Timeline, position, size)).MaxBy(found => found.Timeline);
            if (segment is null)
            {
                if (candidates.Where(group => group.Key >= number).SelectMany(group => group).All(found => !lineage.Wrote(found.Timeline, found.Start(size), size))) break; // only what was abandoned follows
                // What the backup brought along need not be in the archive.
                if (backup.WalEnd is { } end && position + (ulong)size <= WalSegment.Position(end)) continue;
                throw new BackupException(
                    $"WAL segment {WalSegment.NameOf(lineage.At(position), position, size)} is missing from {_folder}: copy it from the second place, restore to a moment before it, or restore the backup alone with --without-wal.");
            }
            if (segment.Objection(backup.SystemIdentifier, size) is { } objection)
                throw new BackupException($"WAL segment {segment.Path} {objection}: copy it from the second place, restore to a moment before it, or restore the backup alone with --without-wal.");
            chain.Add(segment);
        }
        return chain;
    }

    /// <summary>Goes on with what the lost server wrote and the archive had not received, when its own files of WAL can still be read.</summary>
    /// <param name="chain">Of the archive.</param>
    /// <param name="serverWal">The server's pg_wal.</param>
    /// <remarks>A server reuses old files under new names; such a file does not begin where its name says, and is where the WAL ends.</remarks>
    public static IReadOnlyList<WalSegment> ContinueWith(IReadOnlyList<WalSegment> chain, string serverWal, string systemIdentifier)
    {
        if (chain is not [.., var last] || !Directory.Exists(serverWal)) return chain;
        var size = new FileInfo(last.Path).Length;
        var own = Directory.EnumerateFiles(serverWal).Select(WalSegment.Of).OfType<WalSegment>().Where(segment => segment.Timeline == last.Timeline && !segment.IsPartial).ToDictionary(segment => segment.Start(size));
        var whole = new List<WalSegment>(last.IsPartial ? chain.SkipLast(1) : chain);
        var next = last.IsPartial ? last.Start(size) : last.Start(size) + (ulong)size;
        for (; own.TryGetValue(next, out var segment) && segment.Objection(systemIdentifier, size) is null; next += (ulong)size) whole.Add(segment);
        return whole.Count < chain.Count ? chain : whole;
    }

    /// <summary>Removes the segments that no kept base backup needs.</summary>
    /// <param name="kept">Base backups; without any, all is needed.</param>
    /// <returns>How many.</returns>
    public int RemoveBefore(IEnumerable<BackupManifest> kept)
    {
        if (NeededFrom(kept) is not { } from) return 0;
        var size = SegmentSize;
        var old = Files().Select(WalSegment.Of).OfType<WalSegment>().Where(segment => !segment.IsPartial && segment.EndsBefore(from, size)).ToList();
        foreach (var segment in old) File.Delete(segment.Path);
        foreach (var folder in Folders().SkipLast(1).Where(folder => !Directory.EnumerateFiles(folder).Any(file => WalSegment.Of(file) is not null))) Directory.Delete(folder, recursive: true);
        return old.Count;
    }

    /// <summary>The first position that one of these base backups needs: after a restore to an earlier moment that need not be the oldest one's. Null without any.</summary>
    public static ulong? NeededFrom(IEnumerable<BackupManifest> kept) => kept.Select(backup => (ulong?)WalSegment.Position(backup.WalStart)).Min();

    /// <summary>The folder that is received into now, made when there is none; <paramref name="anew"/> makes another.</summary>
    public string Current(bool anew, TimeProvider time)
    {
        if (!anew && Folders() is [.., var newest]) return newest;
        var folder = Path.Combine(_folder, StoredBackup.NameOf(time.GetUtcNow()));
        PrivateFolder.Create(folder);
        return folder;
    }

    private string[] Folders() => Directory.Exists(_folder) ? [.. Directory.EnumerateDirectories(_folder).Order(StringComparer.Ordinal)] : [];

    private IEnumerable<string> Files() => Folders().SelectMany(Directory.EnumerateFiles);
}
