using System.Buffers;

namespace Shabou.Forecasting;

/// <summary>A working array from the shared pool, given back when disposed: <c>using var rows = new Pooled&lt;double&gt;(n);</c></summary>
/// <param name="length">Elements of <see cref="Span"/>, 0 or more. They hold whatever the last user left.</param>
internal readonly ref struct Pooled<T>(int length) where T : unmanaged
{
    private readonly T[] _array = ArrayPool<T>.Shared.Rent(length);

    public Span<T> Span => _array.AsSpan(0, length);

    public void Dispose() => ArrayPool<T>.Shared.Return(_array);
}
