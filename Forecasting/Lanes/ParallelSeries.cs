namespace Shabou.Forecasting;

/// <summary>Spreads independent work over cores. Every piece writes to places of its own, so the result does not depend on which core came first.</summary>
internal static class ParallelSeries
{
    /// <summary>Runs pieces 0 to count - 1, started in order.</summary>
    /// <param name="count">Pieces; each should last well over a microsecond, such as a group of series.</param>
    /// <param name="threads">Cores; 1 runs all on the calling thread.</param>
    /// <param name="piece">Must not write to anything that another piece reads or writes.</param>
    /// <param name="cancellationToken">Stops between pieces with an <see cref="OperationCanceledException"/>.</param>
    public static void For(int count, int threads, Action<int> piece, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (threads > 1 && count > 1)
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, piece);
            return;
        }

        for (var i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            piece(i);
        }
    }
}
