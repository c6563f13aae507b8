namespace Pipelines.Sockets.Unofficial.Arenas;

public sealed class ArenaOptions(
    ArenaFlags flags = ArenaFlags.BlittableNonPaddedSharing, int blockSizeBytes = 0, Func<long, long, long>? retentionPolicy = null)
{
    public ArenaFlags Flags { get; } = flags;

    public int BlockSizeBytes { get; } = blockSizeBytes;

    public Func<long, long, long>? RetentionPolicy { get; } = retentionPolicy;
}

/// <summary>The numbers are compiled into StackExchange.Redis.</summary>
[Flags]
public enum ArenaFlags
{
    None = 0,
    BlittableNonPaddedSharing = 16,
}
