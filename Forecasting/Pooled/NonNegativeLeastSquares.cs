namespace Shabou.Forecasting;

/// <summary>Least squares with weights that may not be negative.</summary>
internal static class NonNegativeLeastSquares
{
    private const int Sweeps = 2000;

    /// <summary>Minimises w'Gw / 2 - m'w over w >= 0 by coordinate descent, from the given start.</summary>
    /// <param name="gram">Row-major, symmetric, positive on the diagonal wherever a coefficient is to be found; a zero there keeps it at 0.</param>
    /// <param name="moments">One value a coefficient.</param>
    /// <param name="weights">The start; receives the solution.</param>
    /// <remarks>Franc, Hlavac &amp; Navara 2005, sequential coordinate-wise algorithm. The problem is convex, so every sweep lowers it; ends when no
    /// weight moves by 1e-8 or after 2,000 sweeps.</remarks>
    public static void Solve(ReadOnlySpan<double> gram, ReadOnlySpan<double> moments, Span<double> weights)
    {
        var n = weights.Length;
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var moved = 0.0;
            for (var j = 0; j < n; j++)
            {
                var row = gram.Slice(j * n, n);
                var rest = moments[j] + row[j] * weights[j];
                for (var k = 0; k < n; k++) rest -= row[k] * weights[k];
                var next = row[j] > 0 ? Math.Max(0, rest / row[j]) : 0;
                moved = Math.Max(moved, Math.Abs(next - weights[j]));
                weights[j] = next;
            }

            if (moved < 1e-8) return;
        }
    }
}
