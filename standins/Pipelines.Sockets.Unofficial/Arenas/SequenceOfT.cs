using System.Diagnostics.CodeAnalysis;

namespace Pipelines.Sockets.Unofficial.Arenas;

/// <summary>A slice of an arena. It is one segment always, which the genuine package does not promise.</summary>
public readonly struct Sequence<T>
{
    private readonly T[]? _array;
    private readonly int _offset;
    private readonly int _length;

    internal Sequence(T[] array, int offset, int length) => (_array, _offset, _length) = (array, offset, length);

    public long Length => _length;

    public bool IsEmpty => _length == 0;

    [SuppressMessage("Performance", "CA1822", Justification = "An instance member of the genuine package.")]
    public bool IsSingleSegment => true;

    public Span<T> FirstSpan => new(_array, _offset, _length);

    public SpanEnumerable Spans => new(FirstSpan);

    public ref T this[int index] => ref FirstSpan[index];

    public Sequence Untyped() => new(_array, _offset, _length);

    public Enumerator GetEnumerator() => new(FirstSpan);

    public ref struct Enumerator
    {
        private readonly Span<T> _items;
        private int _index = -1;

        internal Enumerator(Span<T> items) => _items = items;

        public readonly ref T Current => ref _items[_index];

        public bool MoveNext() => ++_index < _items.Length;

        public ref T GetNext()
        {
            if (!MoveNext())
                throw new InvalidOperationException("The sequence has no further element.");
            return ref Current;
        }
    }

    public readonly ref struct SpanEnumerable
    {
        private readonly Span<T> _span;

        internal SpanEnumerable(Span<T> span) => _span = span;

        public SpanEnumerator GetEnumerator() => new(_span);
    }

    public ref struct SpanEnumerator
    {
        private bool _moved;

        internal SpanEnumerator(Span<T> span) => Current = span;

        public readonly Span<T> Current { get; }

        public bool MoveNext()
        {
            if (_moved || Current.IsEmpty)
                return false;
            return _moved = true;
        }
    }
}
