namespace Pipelines.Sockets.Unofficial.Arenas;

/// <summary>A slice of an arena whose element type is not named, so that an element can contain one.</summary>
public readonly struct Sequence
{
    private readonly Array? _array;
    private readonly int _offset;
    private readonly int _length;

    internal Sequence(Array? array, int offset, int length) => (_array, _offset, _length) = (array, offset, length);

    public long Length => _length;

    /// <exception cref="InvalidCastException">The slice holds another type.</exception>
    public Sequence<T> Cast<T>() => _array is null ? default : new((T[])_array, _offset, _length);
}
