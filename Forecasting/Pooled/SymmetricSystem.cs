namespace Shabou.Forecasting;

/// <summary>Small systems of equations with a symmetric, positive definite matrix.</summary>
internal static class SymmetricSystem
{
    /// <summary>Solves A x = b by Cholesky's decomposition, in place.</summary>
    /// <param name="matrix">Row-major; destroyed. A direction without evidence (pivot below 1e-14 of its diagonal) gets 0.</param>
    /// <param name="right">b; receives x.</param>
    public static void Solve(Span<double> matrix, Span<double> right)
    {
        var n = right.Length;
        for (var j = 0; j < n; j++)
        {
            var diagonal = matrix[j * n + j];
            var pivot = diagonal;
            for (var k = 0; k < j; k++) pivot -= matrix[j * n + k] * matrix[j * n + k];
            var root = pivot > 1e-14 * diagonal ? Math.Sqrt(pivot) : double.PositiveInfinity;
            matrix[j * n + j] = root;
            for (var i = j + 1; i < n; i++)
            {
                var rest = matrix[i * n + j];
                for (var k = 0; k < j; k++) rest -= matrix[i * n + k] * matrix[j * n + k];
                matrix[i * n + j] = rest / root;
            }
        }

        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < i; k++) right[i] -= matrix[i * n + k] * right[k];
            right[i] /= matrix[i * n + i];
        }

        for (var i = n - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < n; k++) right[i] -= matrix[k * n + i] * right[k];
            right[i] /= matrix[i * n + i];
        }
    }
}
