using System.Runtime.Intrinsics;
using MathNet.Numerics;

namespace Shabou.Forecasting;

/// <summary>Polynomials of ARMA models, 1 - phi(1) B - phi(2) B^2 ... and 1 + theta(1) B + ...; lanes hold four candidates at once.</summary>
internal static class ArmaPolynomials
{
    /// <summary>Natural logarithm of each lane, by the scalar function: the same bits with and without fused instructions.</summary>
    public static Vector256<double> Log(Vector256<double> value) =>
        Vector256.Create(Math.Log(value[0]), Math.Log(value[1]), Math.Log(value[2]), Math.Log(value[3]));

    /// <summary>Partial autocorrelations, each inside (-1, 1), to the coefficients of a stationary autoregression, in place
    /// (Durbin-Levinson; Monahan 1984, Jones 1980).</summary>
    public static void FromPartial(Span<Vector256<double>> values)
    {
        for (var k = 1; k < values.Length; k++) StepUp(values[..k], values[k]);
    }

    /// <summary>Predictor of order k to order k + 1, whose last coefficient is <paramref name="partial"/>.</summary>
    public static void StepUp(Span<Vector256<double>> predictor, Vector256<double> partial)
    {
        for (int i = 0, j = predictor.Length - 1; i <= j; i++, j--)
        {
            var (left, right) = (predictor[i], predictor[j]);
            predictor[i] = left - partial * right;
            predictor[j] = right - partial * left;
        }
    }

    /// <summary>Coefficients to partial autocorrelations, in place: the way back from <see cref="FromPartial"/>.</summary>
    /// <returns>All bits set in the lanes whose autoregression is stationary: every partial autocorrelation is inside (-1, 1).</returns>
    public static Vector256<double> ToPartial(Span<Vector256<double>> values)
    {
        var stationary = Vector256<double>.AllBitsSet;
        for (var k = values.Length - 1; k >= 0; k--)
        {
            var partial = values[k];
            var rest = Vector256<double>.One - partial * partial;
            stationary &= Vector256.GreaterThan(rest, Vector256<double>.Zero);
            var scale = Vector256<double>.One / rest;
            for (int i = 0, j = k - 1; i <= j; i++, j--)
            {
                var (left, right) = (values[i], values[j]);
                values[i] = (left + partial * right) * scale;
                values[j] = (right + partial * left) * scale;
            }
        }

        return stationary;
    }

    /// <summary>Coefficients of an autoregression to the unbounded scale on which likelihoods are searched, in place: inverse hyperbolic tangents of
    /// the partial autocorrelations.</summary>
    /// <returns>False when it is not stationary; the values are then rubbish.</returns>
    public static bool TryUnbound(Span<double> coefficients)
    {
        Span<Vector256<double>> lanes = stackalloc Vector256<double>[coefficients.Length];
        for (var i = 0; i < lanes.Length; i++) lanes[i] = Vector256.Create(coefficients[i]);
        if (ToPartial(lanes).AsInt64()[0] == 0) return false;
        for (var i = 0; i < lanes.Length; i++) coefficients[i] = Math.Atanh(lanes[i][0]);
        return true;
    }

    /// <summary>The way back from <see cref="TryUnbound"/>.</summary>
    public static void Bound(Span<double> values)
    {
        Span<Vector256<double>> lanes = stackalloc Vector256<double>[values.Length];
        for (var i = 0; i < lanes.Length; i++) lanes[i] = Vector256.Create(Math.Tanh(values[i]));
        FromPartial(lanes);
        for (var i = 0; i < lanes.Length; i++) values[i] = lanes[i][0];
    }

    /// <summary>Expands a polynomial times a seasonal one, without the leading 1.</summary>
    /// <param name="near">Coefficients at lags 1, 2, ...</param>
    /// <param name="seasonal">Coefficients at lags m, 2m, ...</param>
    /// <param name="season">m.</param>
    /// <param name="sign">-1 for an autoregression, 1 for a moving average.</param>
    /// <param name="product">Receives lags 1 to its length; the rest is cleared.</param>
    public static void Multiply(
        ReadOnlySpan<Vector256<double>> near, ReadOnlySpan<Vector256<double>> seasonal, int season, double sign, Span<Vector256<double>> product)
    {
        product.Clear();
        near.CopyTo(product);
        for (var i = 0; i < seasonal.Length; i++)
        {
            var at = season * (i + 1) - 1;
            product[at] += seasonal[i];
            for (var j = 0; j < near.Length; j++) product[at + 1 + j] += sign * seasonal[i] * near[j];
        }
    }

    /// <summary>Whether 1 - c(1) z - c(2) z^2 ... has all roots outside a circle (Schur-Cohn, by partial autocorrelations).</summary>
    public static bool RootsAreOutside(ReadOnlySpan<double> coefficients, double radius)
    {
        Span<Vector256<double>> scaled = stackalloc Vector256<double>[coefficients.Length];
        var power = 1.0;
        for (var j = 0; j < coefficients.Length; j++) scaled[j] = Vector256.Create(coefficients[j] * (power *= radius));
        return coefficients.Length == 0 || Vector256.EqualsAll(ToPartial(scaled).AsInt64(), Vector256<long>.AllBitsSet);
    }

    /// <summary>Mirrors the roots of a moving average that are inside the unit circle to its outside: the same autocorrelations, invertible.</summary>
    public static void MakeInvertible(Span<double> coefficients)
    {
        Span<double> negated = stackalloc double[coefficients.Length];
        for (var j = 0; j < negated.Length; j++) negated[j] = -coefficients[j];
        if (RootsAreOutside(negated, 1)) return;

        var degree = coefficients.Length;
        while (degree > 0 && coefficients[degree - 1] == 0) degree--;
        var roots = FindRoots.Polynomial([1, .. coefficients[..degree]]);
        var product = new System.Numerics.Complex[degree + 1];
        product[0] = 1;
        for (var i = 0; i < degree; i++)
        {
            var root = roots[i].Magnitude < 1 ? 1 / System.Numerics.Complex.Conjugate(roots[i]) : roots[i];
            for (var j = i + 1; j > 0; j--) product[j] -= product[j - 1] / root;
        }

        for (var j = 0; j < degree; j++) coefficients[j] = product[j + 1].Real;
    }
}
