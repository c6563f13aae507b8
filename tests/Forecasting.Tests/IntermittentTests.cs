using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

/// <summary>Methods for demand that seldom comes, against sums done by hand and what R (forecast 8.20) prints.</summary>
public sealed class IntermittentTests
{
    // Demands grow while their intervals stay: 12 demands in 30 periods, so the mean interval is 2.5 and buckets hold 2.
    private static readonly double[] Growing = [0, 2, 0, 0, 1, 0, 0, 0, 1, 0, 4, 0, 0, 3, 0, 0, 9, 8, 0, 12, 0, 0, 0, 6, 0, 7, 0, 0, 5, 9];

    public static TheoryData<string> Names => [.. Methods.Select(method => method.Name)];

    private static IForecastMethod[] Methods =>
        [new Adida(), new Imapa(), new OptimisedCroston(), new OptimisedCroston(debiased: true), new OptimisedTeunterSyntetosBabai()];

    [Fact]
    public void Adida_spreads_the_smoothed_bucket_evenly() // buckets of 2 hold 1 and 3; SES of two values is their mean: 2 / 2
    {
        Assert.Equal(1, Forecast(new Adida(), [0, 1, 0, 3]), 6);
        Assert.Equal(4 / 3.0, Forecast(new Adida(), [0, 0, 1, 0, 3, 0, 0, 4]), 6); // demands at 3, 5 and 8: round(8 / 3) = 3; 0 0 goes, 1 0 3 and 0 0 4 give 4 and 4: 4 / 3
    }

    [Fact]
    public void Adida_agrees_with_r() => // ses(colSums(matrix(y, 2)), initial = "optimal")$mean / 2
        Assert.Equal(4.466781 / 2, Forecast(new Adida(), Growing), 3);

    [Fact]
    public void Imapa_averages_over_the_lengths_of_buckets() => // ses(y)$mean = 3.140114 and the bucket of 2 above
        Assert.Equal((3.140114 + 4.466781 / 2) / 2, Forecast(new Imapa(), Growing), 3);

    [Fact]
    public void Optimised_croston_agrees_with_r() // ses of sizes 7.810106, of intervals 2.500097 (alpha 0.0001)
    {
        Assert.Equal(7.810106 / 2.500097, Forecast(new OptimisedCroston(), Growing), 3);
        Assert.Equal(7.810106 / 2.500097 * (1 - .0001 / 2), Forecast(new OptimisedCroston(debiased: true), Growing), 3);
    }

    [Fact]
    public void Optimised_tsb_makes_no_larger_errors_than_tsb_with_any_of_its_constants()
    {
        double[] died = [.. Growing, .. new double[20]];
        var constants = OptimisedTeunterSyntetosBabai.Constants.ToArray();
        var best = (from size in constants from probability in constants
                    orderby TeunterSyntetosBabai.SquaredError(died, size, probability)
                    select new TeunterSyntetosBabai(size, probability)).First();
        Assert.Equal(Forecast(best, died), Forecast(new OptimisedTeunterSyntetosBabai(), died));
        Assert.True(Forecast(new OptimisedTeunterSyntetosBabai(), died) < Forecast(new OptimisedCroston(), died) / 4);
    }

    [Theory, MemberData(nameof(Names))]
    public void Missing_periods_change_nothing(string name)
    {
        var method = Methods.Single(m => m.Name == name);
        Assert.Equal(Forecast(method, Growing), Forecast(method, [.. Growing.SelectMany(value => new[] { value, double.NaN })]));
    }

    [Theory, MemberData(nameof(Names))]
    public void Any_history_gets_a_finite_forecast(string name)
    {
        var method = Methods.Single(m => m.Name == name);
        double[] once = new double[100_000];
        once[70_000] = 5;
        double[][] histories =
        [
            new double[40], [3], [0, 5], [.. Growing.Select(value => value * 1e12)], [.. Enumerable.Repeat(4.0, 50)], once,
            .. MethodPropertyTests.Histories(),
        ];
        foreach (var history in histories)
            Assert.InRange(Forecast(method, history), 0, Math.Max(1e-9, history.Max()));
        Assert.Equal(0, Forecast(method, new double[40]));
        Assert.Throws<ArgumentException>(() => Forecast(method, [double.NaN]));
        Assert.Throws<ArgumentException>(() => Forecast(method, []));
    }

    private static double Forecast(IForecastMethod method, double[] history)
    {
        var mean = new double[3];
        method.Forecast(history, 12, mean);
        Assert.Equal(mean[0], mean[2]);
        return mean[0];
    }
}
