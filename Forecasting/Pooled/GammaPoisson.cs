using MathNet.Numerics;

namespace Shabou.Forecasting;

/// <summary>Empirical-Bayes gamma-Poisson: the part's level is drawn from its group's gamma distribution, demand comes in lots at random
/// around it, and old demand is discounted. Learned from all parts together; immutable.</summary>
/// <remarks>
/// With S and N the part's discounted demand and periods and the group's prior Gamma(a, b), the level is Gamma(a + S, b + N), so
/// demand is negative binomial with mean (a + S) / (b + N) a period: the discounted mean, shrunk towards the group the more the less
/// is known (Robbins 1956; Bühlmann &amp; Straub 1970; discounting as power steady model: Smith 1979). Orders of several units widen it: with
/// l the part's lot (variance / mean, shrunk towards all parts) the variance is l m + (l / (a + S)) m^2. A part without an observed period gets the group's level.
/// The discount is the one of <see cref="Discounts"/> with the best log score of one-step forecasts over the last third of the histories,
/// with the prior measured before it. Forecasts are flat, so a falling market is over-forecast: see <see cref="PooledDemandModel"/>.
/// </remarks>
public sealed class GammaPoisson
{
    private readonly PartGroups _groups;
    private readonly GammaPrior[] _priors;
    private readonly double _pooledLot;

    private GammaPoisson(double discount, double pooledLot, PartGroups groups, GammaPrior[] priors) =>
        (Discount, _pooledLot, _groups, _priors) = (discount, pooledLot, groups, priors);

    /// <summary>What is tried.</summary>
    public static ReadOnlySpan<double> Discounts => [.7, .8, .85, .9, .93, .95, .97, .98, .99, .995, 1];

    /// <summary>Weight of a period relative to the one after it.</summary>
    public double Discount { get; }

    /// <summary>Learns discount, lots and priors.</summary>
    /// <param name="parts">In any order; the result is the same.</param>
    /// <param name="threads">Cores to use; changes the time only.</param>
    /// <param name="cancellationToken">Stops it with an <see cref="OperationCanceledException"/>.</param>
    public static GammaPoisson Learn(IReadOnlyList<PartHistory> parts, int threads, CancellationToken cancellationToken)
    {
        PartHistory[] sorted = [.. parts.OrderBy(part => part.Id, StringComparer.Ordinal)];
        (int Periods, double Excess)[] own = [.. sorted.Select(part => LotSize.Of(part.Demand))];
        var pooled = LotSize.Pooled(own);
        double[] lots = [.. own.Select(one => LotSize.Shrunk(one, pooled))];
        var groups = PartGroups.Of(sorted);
        var scores = new double[Discounts.Length];
        Parallel.For(0, scores.Length, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancellationToken },
            i => scores[i] = Score(sorted, lots, groups, Discounts[i]));

        var best = 0;
        for (var i = 1; i < scores.Length; i++)
            if (scores[i] > scores[best]) best = i;
        var discount = Discounts[best];
        return new(discount, pooled, groups, Priors(groups.Members(sorted), Demand(sorted, discount, part => part.Length)));
    }

    /// <summary>Forecasts one part.</summary>
    public PooledForecast Forecast(PartHistory part, int horizon)
    {
        var mean = new double[horizon];
        if (part.Discontinued) return new(mean, 1, 0);
        var lot = LotSize.Shrunk(LotSize.Of(part.Demand), _pooledLot);
        var prior = _priors[_groups.Nearest(part.Group)];
        var demand = DiscountedDemand.Of(part.Demand, Discount);
        var shape = prior.Shape + demand.Sum;
        mean.AsSpan().Fill(shape / (prior.Rate + demand.Periods));
        return new(mean, lot, shape > 0 ? lot / shape : 0);
    }

    /// <summary>What is stored: the same model gives the same numbers.</summary>
    public PooledState ToState() =>
        new(_groups.Names, [Discount, _pooledLot, .. _priors.SelectMany(prior => new[] { prior.Shape, prior.Rate })]);

    /// <summary>Reads what <see cref="ToState"/> wrote; it forecasts the same bits.</summary>
    /// <exception cref="InvalidDataException">The numbers are not such a model.</exception>
    public static GammaPoisson FromState(PooledState state)
    {
        var numbers = state.Coefficients;
        if (numbers.Length != 2 + 2 * state.Groups.Length || !numbers.All(double.IsFinite))
            throw new InvalidDataException("The coefficients are not those of a gamma-Poisson model.");
        return new(numbers[0], numbers[1], new(state.Groups),
            [.. Enumerable.Range(1, state.Groups.Length).Select(i => new GammaPrior(numbers[2 * i], numbers[2 * i + 1]))]);
    }

    private static GammaPrior[] Priors(List<int>[] members, DiscountedDemand[] demand) =>
    [
        .. members.Select(parts => GammaPrior.Of(
            [.. parts.Select(i => demand[i].Sum)], [.. parts.Select(i => demand[i].Periods)], [.. parts.Select(i => demand[i].Squares)])),
    ];

    private static DiscountedDemand[] Demand(PartHistory[] parts, double discount, Func<double[], int> length)
    {
        var demand = new DiscountedDemand[parts.Length];
        for (var i = 0; i < parts.Length; i++) demand[i] = DiscountedDemand.Of(parts[i].Demand.AsSpan(0, length(parts[i].Demand)), discount);
        return demand;
    }

    // Log score of one-step forecasts after the first two thirds of each history.
    private static double Score(PartHistory[] parts, double[] lots, PartGroups groups, double discount)
    {
        var demand = Demand(parts, discount, Start);
        var priors = Priors(groups.Members(parts), demand);
        var score = 0.0;
        for (var i = 0; i < parts.Length; i++)
        {
            var prior = priors[groups.Nearest(parts[i].Group)];
            var (lot, state) = (lots[i], demand[i]);
            foreach (var value in parts[i].Demand.AsSpan(Start(parts[i].Demand)))
            {
                var shape = prior.Shape + state.Sum;
                if (!double.IsNaN(value) && shape > 0)
                {
                    var mean = shape / (prior.Rate + state.Periods);
                    score += LogProbability(Math.Max(0, value), mean, lot * mean + lot * mean * mean / shape);
                }

                state = state.Next(value, discount);
            }
        }

        return score;
    }

    private static int Start(double[] history) => history.Length - history.Length / 3;

    /// <summary>Log probability of the negative binomial with this mean and variance (above the mean), also between whole numbers.</summary>
    internal static double LogProbability(double count, double mean, double variance)
    {
        var size = mean * mean / Math.Max(variance - mean, 1e-6 * mean);
        var ways = count == 0 ? 0 : SpecialFunctions.GammaLn(count + size) - SpecialFunctions.GammaLn(size) - SpecialFunctions.GammaLn(count + 1);
        return ways + size * Math.Log(size / (size + mean)) + count * Math.Log(mean / (size + mean));
    }
}
