namespace Shabou.Forecasting;

/// <summary>A few effects by ridge regression with Huber's weights.</summary>
/// <param name="Effects">One per column.</param>
/// <param name="T">Each effect divided by its standard error; 0 where it cannot be computed.</param>
internal sealed record RobustRegression(double[] Effects, double[] T)
{
    private const double Ridge = 1e-3; // of a column's own square: only keeps nearly equal columns from growing against each other

    /// <summary>Fits columns (each with mean near 0) to a response.</summary>
    /// <param name="usedUp">Degrees of freedom that were spent before.</param>
    /// <param name="bend">Errors beyond this many standard deviations lose weight (Huber 1964).</param>
    /// <param name="rounds">Of reweighting.</param>
    public static RobustRegression Fit(double[][] columns, double[] response, double usedUp, double bend, int rounds)
    {
        int p = columns.Length, n = response.Length;
        double[] weights = new double[n], errors = new double[n], effects = new double[p];
        Array.Fill(weights, 1);
        var inverse = new double[p, p];
        for (var round = 0; round < rounds; round++)
        {
            if (!TrySolve(columns, response, weights, effects, inverse)) return new(new double[p], new double[p]);
            for (var i = 0; i < n; i++) errors[i] = response[i] - Predicted(columns, effects, i);
            var limit = bend * Spread(errors);
            for (var i = 0; i < n; i++) weights[i] = Math.Abs(errors[i]) <= limit ? 1 : limit / Math.Abs(errors[i]);
        }

        double squares = 0, total = 0;
        for (var i = 0; i < n; i++)
        {
            squares += weights[i] * errors[i] * errors[i];
            total += response[i] * response[i];
        }

        var variance = Math.Max(squares, 1e-12 * total) / Math.Max(1, n - p - usedUp); // a perfect fit is significant too
        var t = new double[p];
        for (var j = 0; j < p; j++)
            if (variance * inverse[j, j] is > 0 and var square && effects[j] / Math.Sqrt(square) is var ratio && double.IsFinite(ratio)) t[j] = ratio;
        return new((double[])effects.Clone(), t);
    }

    private static double Predicted(double[][] columns, double[] effects, int i)
    {
        var sum = 0.0;
        for (var j = 0; j < effects.Length; j++) sum += effects[j] * columns[j][i];
        return sum;
    }

    // 1.4826 times the median absolute error estimates the standard deviation of normal errors.
    private static double Spread(double[] errors)
    {
        var sizes = new double[errors.Length];
        for (var i = 0; i < sizes.Length; i++) sizes[i] = Math.Abs(errors[i]);
        Array.Sort(sizes);
        return Math.Max(1.4826 * sizes[sizes.Length / 2], 1e-12 * sizes[^1]);
    }

    private static bool TrySolve(double[][] columns, double[] response, double[] weights, double[] effects, double[,] inverse)
    {
        var p = columns.Length;
        var products = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(p, p);
        var right = MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(p);
        for (var j = 0; j < p; j++)
        {
            for (var k = 0; k <= j; k++) products[j, k] = products[k, j] = Product(columns[j], columns[k], weights);
            right[j] = Product(columns[j], response, weights);
            products[j, j] *= 1 + Ridge;
            if (!(products[j, j] > 0) || !double.IsFinite(products[j, j])) return false;
        }

        var inverted = products.Cholesky().Solve(MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseIdentity(p));
        var solution = inverted * right;
        for (var j = 0; j < p; j++)
        {
            effects[j] = solution[j];
            for (var k = 0; k < p; k++) inverse[j, k] = inverted[j, k];
        }

        return true;
    }

    private static double Product(double[] left, double[] right, double[] weights)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++) sum += weights[i] * left[i] * right[i];
        return sum;
    }
}
