using System.Buffers;

namespace Pipelines.Sockets.Unofficial.Arenas;

/// <summary>Hands out slices of one array until it is reset. Each slice is contiguous, so that every <see cref="Sequence{T}"/> has one segment.</summary>
public sealed class Arena<T> : IDisposable
{
    private const int FirstBlock = 256;
    private const int LargestBlockKept = 16 * 1024;

    private T[] _block = [];
    private int _used;

    public Arena(ArenaOptions? options = null, Allocator<T>? allocator = null)
    {
        if (allocator is not null || options is { Flags: not (ArenaFlags.None or ArenaFlags.BlittableNonPaddedSharing) } or { RetentionPolicy: not null })
            throw new NotSupportedException("The stand-in for Pipelines.Sockets.Unofficial has arenas with default options only.");
    }

    public Sequence<T> Allocate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length == 0)
            return default;
        if (length > _block.Length - _used)
        {
            // What was handed out before keeps the old block alive for as long as it is referenced.
            _block = new T[Math.Max(length, Math.Max(FirstBlock, Math.Min(_block.Length * 2, LargestBlockKept)))];
            _used = 0;
        }
        var slice = new Sequence<T>(_block, _used, length);
        _used += length;
        return slice;
    }

    /// <summary>Takes back everything handed out. Nothing handed out before may be used after.</summary>
    public void Reset()
    {
        if (_block.Length > LargestBlockKept)
            _block = []; // one enormous reply must not cost its memory for ever
        else
            _block.AsSpan(0, _used).Clear(); // what it points to is garbage now
        _used = 0;
    }

    public void Dispose()
    {
        _block = [];
        _used = 0;
    }
}

/// <summary>Where an arena's memory comes from; the caller we stand in for never says.</summary>
public abstract class Allocator<T>
{
    public abstract IMemoryOwner<T> Allocate(int length);
}
