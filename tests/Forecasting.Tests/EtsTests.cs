namespace Shabou.Forecasting.Tests;

/// <summary>Exponential smoothing in state space form against R.</summary>
public sealed class EtsTests
{
    public static TheoryData<int> Fits => [.. Enumerable.Range(0, REts.All.Length)];

    [Theory, MemberData(nameof(Fits))]
    public void The_likelihood_at_the_parameters_of_r_is_that_of_r(int fit)
    {
        var r = REts.All[fit];
        var at = At(r);
        Assert.Equal(r.LogLikelihood, at.LogLikelihood, 1e-6);
        Assert.Equal(r.Aicc, at.Aicc, 1e-6);
        Assert.Equal(1, at.Variance / r.Variance, 1e-8);
    }

    [Theory, MemberData(nameof(Fits))]
    public void The_likelihood_found_is_at_least_that_of_r(int fit)
    {
        var r = REts.All[fit];
        var (values, season) = ClassicSeries.Of(r.Series);
        var found = EtsFit.Of(values, season, r.Ets);
        Assert.Equal(r.Ets, found.Model);
        Assert.True(found.LogLikelihood >= r.LogLikelihood - 1e-6, $"{r}: {found.LogLikelihood} is below {r.LogLikelihood}");
        Assert.True(found.Parameters.Forecastable(r.Ets, season));
    }

    [Theory, MemberData(nameof(Fits))]
    public void Forecasts_and_their_spread_are_those_of_r(int fit)
    {
        var r = REts.All[fit];
        var steps = r.Steps;
        var (mean, variance) = (new double[steps[^1]], new double[steps[^1]]);
        At(r).Forecast(mean, variance);
        var damped = r.Ets is { Season: EtsSeason.Multiplicative, Trend: EtsTrend.Damped }; // R leaves phi out there
        var shifted = r.Ets is { Season: EtsSeason.Additive, Trend: EtsTrend.None }; // and has gamma one position off here
        for (var i = 0; i < steps.Length; i++)
        {
            if (!damped) Assert.Equal(1, mean[steps[i] - 1] / r.Mean[i], 1e-7);
            if (!damped && !shifted) Assert.Equal(1, Math.Sqrt(variance[steps[i] - 1]) / r.Deviation[i], 1e-7);
        }
    }

    [Theory, MemberData(nameof(Fits))]
    public void Mean_and_variance_are_those_of_all_paths(int fit)
    {
        // Errors of -sqrt 3, 0 and sqrt 3 standard deviations with chances 1/6, 2/3, 1/6 have the moments of the normal distribution up to the fifth, and
        // seven steps of them make 2,187 paths that can all be walked.
        var r = REts.All[fit];
        if (ClassicSeries.Of(r.Series).Season == 12) return; // the second cycle is what matters
        var at = At(r);
        var (mean, variance) = (new double[7], new double[7]);
        at.Forecast(mean, variance);
        var (first, second) = (new double[7], new double[7]);
        Walk(at, at.Last, 0, 1, first, second);
        for (var step = 0; step < 7; step++)
        {
            Assert.Equal(1, mean[step] / first[step], 1e-9);
            Assert.Equal(1, variance[step] / (second[step] - first[step] * first[step]), 1e-6);
        }
    }

    private static void Walk(EtsFit fit, EtsStates now, int step, double chance, double[] first, double[] second)
    {
        if (step == first.Length) return;
        var (alpha, beta, gamma, phi) = fit.Parameters;
        var before = now.Level + phi * now.Slope;
        var index = now.Season.Length == 0 ? 0 : now.Season[0];
        var factors = fit.Model.Season == EtsSeason.Multiplicative;
        var forecast = factors ? before * index : before + index;
        foreach (var (size, weight) in new[] { (-Math.Sqrt(3), 1 / 6.0), (0, 2 / 3.0), (Math.Sqrt(3), 1 / 6.0) })
        {
            var error = size * Math.Sqrt(fit.Variance) * (fit.Model.Error == EtsError.Additive ? 1 : forecast);
            first[step] += chance * weight * (forecast + error);
            second[step] += chance * weight * (forecast + error) * (forecast + error);
            var toLevel = factors ? error / index : error;
            var next = index + gamma * (factors ? error / before : error);
            Walk(fit, new(before + alpha * toLevel, phi * now.Slope + beta * toLevel, now.Season.Length == 0 ? [] : [.. now.Season[1..], next]),
                step + 1, chance * weight, first, second);
        }
    }

    private static EtsFit At(REts r)
    {
        var (values, season) = ClassicSeries.Of(r.Series);
        using var problem = new EtsProblem(values, season);
        return problem.Describe(problem.At(r.Ets, r.Parameters));
    }
}
