namespace Shabou.Forecasting;

/// <summary>What a forecast expected and what came.</summary>
/// <param name="Class">How the part's demand behaved before.</param>
/// <param name="Mean">Expected units; outcomes of 0 are left out, they say nothing about spread.</param>
/// <param name="Demand">Units that came; not missing.</param>
public readonly record struct ForecastOutcome(DemandClass Class, double Mean, double Demand);

/// <summary>Puts a negative binomial around any method's expectation, as wide as parts of the same class have strayed from theirs. Immutable.</summary>
/// <remarks>
/// Per class the variance is either m + k m^2 (NB2: the level is in doubt) or f m (NB1: demand comes in lots), whichever has the higher
/// likelihood, its one parameter being the maximum-likelihood estimate (Cameron &amp; Trivedi 2013, ch. 3). Learn it from forecasts made at rolling
/// origins inside the histories. A class with fewer than <see cref="FewestOutcomes"/> outcomes gets the spread of all classes together; without
/// any it is Poisson.
/// </remarks>
public sealed class NegativeBinomialHead
{
    /// <summary>Fewer outcomes than this are no class of their own.</summary>
    public const int FewestOutcomes = 30;

    private const int MostOutcomes = 5_000; // evenly spread over those of a class: enough for one parameter
    private const double Golden = 0.6180339887498949;

    private readonly (double Lots, double Level)[] _spreads;

    private NegativeBinomialHead((double Lots, double Level)[] spreads) => _spreads = spreads;

    /// <summary>Learns the spread of each class.</summary>
    /// <param name="outcomes">In an order that does not depend on threads.</param>
    public static NegativeBinomialHead Learn(IReadOnlyList<ForecastOutcome> outcomes)
    {
        var all = Fit([.. outcomes.Where(outcome => outcome.Mean > 0)]);
        var spreads = new (double, double)[Enum.GetValues<DemandClass>().Length];
        for (var i = 0; i < spreads.Length; i++)
        {
            ForecastOutcome[] own = [.. outcomes.Where(outcome => outcome.Mean > 0 && (int)outcome.Class == i)];
            spreads[i] = own.Length >= FewestOutcomes ? Fit(own) : all;
        }

        return new(spreads);
    }

    /// <summary>The distribution around an expectation; a negative one counts as 0.</summary>
    public CountDistribution Around(double mean, DemandClass demandClass)
    {
        var (lots, level) = _spreads[(int)demandClass];
        mean = Math.Max(0, mean);
        return new(mean, lots * mean + level * mean * mean);
    }

    private static (double Lots, double Level) Fit(ForecastOutcome[] outcomes)
    {
        if (outcomes.Length == 0) return (1, 0);
        var every = (outcomes.Length + MostOutcomes - 1) / MostOutcomes;
        ForecastOutcome[] sample = [.. outcomes.Where((_, i) => i % every == 0)];
        var level = Maximise(logarithm => Score(sample, 1, Math.Exp(logarithm)));
        var lots = Maximise(logarithm => Score(sample, 1 + Math.Exp(logarithm), 0));
        return Score(sample, 1, Math.Exp(level)) >= Score(sample, 1 + Math.Exp(lots), 0) ? (1, Math.Exp(level)) : (1 + Math.Exp(lots), 0);
    }

    private static double Score(ForecastOutcome[] outcomes, double lots, double level)
    {
        var score = 0.0;
        foreach (var outcome in outcomes)
            score += GammaPoisson.LogProbability(Math.Max(0, outcome.Demand), outcome.Mean, lots * outcome.Mean + level * outcome.Mean * outcome.Mean);
        return score;
    }

    // Golden sections over e^-12 .. e^12: the likelihood has one peak in either parameter.
    private static double Maximise(Func<double, double> score)
    {
        double low = -12, high = 12;
        var (left, right) = (high - Golden * (high - low), low + Golden * (high - low));
        var (scoreLeft, scoreRight) = (score(left), score(right));
        while (high - low > 1e-4)
        {
            if (scoreLeft >= scoreRight)
            {
                (high, right, scoreRight) = (right, left, scoreLeft);
                left = high - Golden * (high - low);
                scoreLeft = score(left);
            }
            else
            {
                (low, left, scoreLeft) = (left, right, scoreRight);
                right = low + Golden * (high - low);
                scoreRight = score(right);
            }
        }

        return (low + high) / 2;
    }
}
