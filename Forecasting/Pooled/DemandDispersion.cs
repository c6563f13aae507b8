namespace Shabou.Forecasting;

/// <summary>How far demand strays from what the pooled model expects: variance = (own + lot * lots) m + level m^2.</summary>
/// <param name="Own">Part of variance / mean that all parts share.</param>
/// <param name="Lot">Share of the part's own variance / mean (its lots) that adds to it.</param>
/// <param name="Level">Squared coefficient of variation of the level itself.</param>
/// <remarks>The three numbers maximise the negative binomial's likelihood of what followed the training origins: the first period and the first three together, so
/// that level (shared by periods) and chance (not shared) can be told apart.</remarks>
internal readonly record struct DemandDispersion(double Own, double Lot, double Level)
{
    private const int MostRows = 6000;
    private const int Sweeps = 4;
    private const double Golden = 0.6180339887498949;

    /// <summary>Variance / mean of a part around its level.</summary>
    public double Of(double lots) => Math.Max(1, Own + Lot * lots);

    public static DemandDispersion Fit(IReadOnlyList<DispersionRow> rows)
    {
        var every = Math.Max(1, rows.Count / MostRows);
        DispersionRow[] sample = [.. rows.Where((_, i) => i % every == 0)];
        var best = new DemandDispersion(.5, .5, .1);
        if (sample.Length == 0) return best;
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            best = best with { Lot = Search(x => Score(best with { Lot = x }, sample), best.Lot, sweep) };
            best = best with { Own = Search(x => Score(best with { Own = x }, sample), best.Own, sweep) };
            best = best with { Level = Search(x => Score(best with { Level = x }, sample), best.Level, sweep) };
        }

        return best;
    }

    private static double Score(DemandDispersion dispersion, DispersionRow[] rows)
    {
        var score = 0.0;
        foreach (var row in rows)
            score += GammaPoisson.LogProbability(row.Demand, row.Mean, dispersion.Of(row.Lots) * row.Mean + dispersion.Level * row.Mean * row.Mean);
        return score;
    }

    // Golden sections of x^(1/2), around the present value in later sweeps.
    private static double Search(Func<double, double> score, double present, int sweep)
    {
        var root = Math.Sqrt(present);
        var (low, high) = sweep == 0 ? (0, 2) : (Math.Max(0, root - 1.0 / (sweep * sweep)), root + 1.0 / (sweep * sweep));
        var (left, right) = (high - Golden * (high - low), low + Golden * (high - low));
        var (scoreLeft, scoreRight) = (score(left * left), score(right * right));
        for (var i = 0; i < 8; i++)
        {
            if (scoreLeft >= scoreRight)
            {
                (high, right, scoreRight) = (right, left, scoreLeft);
                left = high - Golden * (high - low);
                scoreLeft = score(left * left);
            }
            else
            {
                (low, left, scoreLeft) = (left, right, scoreRight);
                right = low + Golden * (high - low);
                scoreRight = score(right * right);
            }
        }

        var middle = (low + high) / 2;
        return middle * middle;
    }
}

/// <summary>One thing that happened.</summary>
/// <param name="Mean">What was expected, above 0.</param>
/// <param name="Demand">What came.</param>
/// <param name="Lots">Variance / mean of the part's demand before the origin.</param>
internal readonly record struct DispersionRow(double Mean, double Demand, double Lots);
