namespace Shabou.Forecasting;

/// <summary>Where the best smoothing constant of each series lies: an interval with the best one tried so far inside.</summary>
/// <param name="Low">Lower ends.</param>
/// <param name="Best">Smallest error so far, between the ends or at one of them.</param>
/// <param name="High">Upper ends.</param>
/// <param name="Error">The criterion at <paramref name="Best"/>.</param>
internal readonly record struct AlphaBracket<T>(T Low, T Best, T High, T Error) where T : unmanaged, ILanes<T>
{
    /// <summary>The middle of the lower part.</summary>
    public T Left => (Low + Best) * T.Of(0.5);

    /// <summary>The middle of the upper part.</summary>
    public T Right => (Best + High) * T.Of(0.5);

    /// <summary>The bracket of half the width that follows from the errors at <see cref="Left"/> and <see cref="Right"/>. Of equal errors
    /// the smaller constant wins.</summary>
    public AlphaBracket<T> Halve(T errorLeft, T errorRight)
    {
        var (left, right) = (Left, Right);
        var takeLeft = T.LessOrEqual(errorLeft, Error);
        var takeRight = T.Less(errorRight, Error);
        return new(
            T.Select(takeLeft, Low, T.Select(takeRight, Best, left)),
            T.Select(takeLeft, left, T.Select(takeRight, right, Best)),
            T.Select(takeLeft, Best, T.Select(takeRight, High, right)),
            T.Select(takeLeft, errorLeft, T.Select(takeRight, errorRight, Error)));
    }

    /// <summary>Goes to a point of a grid in the lanes of a mask.</summary>
    public AlphaBracket<T> Move(T mask, double low, double best, double high, T error) => new(
        T.Select(mask, T.Of(low), Low), T.Select(mask, T.Of(best), Best), T.Select(mask, T.Of(high), High), T.Select(mask, error, Error));
}
