namespace Pipelines.Sockets.Unofficial.Arenas;

public delegate TResult Projection<T, out TResult>(in T x);

public delegate TResult Projection<T1, T2, out TResult>(in T1 x1, in T2 x2);

/// <summary>Copies of a slice, each element projected.</summary>
public static class SequenceExtensions
{
    public static TTo[] ToArray<TFrom, TTo>(this in Sequence<TFrom> source, Projection<TFrom, TTo> projection)
    {
        var result = source.IsEmpty ? [] : new TTo[source.Length];
        source.CopyTo(result, projection);
        return result;
    }

    public static TTo[] ToArray<TFrom, TState, TTo>(this in Sequence<TFrom> source, Projection<TFrom, TState, TTo> projection, in TState state)
    {
        ArgumentNullException.ThrowIfNull(projection);
        var result = source.IsEmpty ? [] : new TTo[source.Length];
        var items = source.FirstSpan;
        for (var i = 0; i < items.Length; i++)
            result[i] = projection(in items[i], in state);
        return result;
    }

    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public static void CopyTo<TFrom, TTo>(this in Sequence<TFrom> source, Span<TTo> destination, Projection<TFrom, TTo> projection)
    {
        ArgumentNullException.ThrowIfNull(projection);
        var items = source.FirstSpan;
        if (destination.Length < items.Length)
            throw new ArgumentException($"The destination has room for {destination.Length} of {items.Length} elements.", nameof(destination));
        for (var i = 0; i < items.Length; i++)
            destination[i] = projection(in items[i]);
    }
}
