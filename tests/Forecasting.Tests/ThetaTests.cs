using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

/// <summary>Theta against R and the Theta models against an independent fit of the published equations.</summary>
public sealed class ThetaTests
{
    public static TheoryData<string, int, double[]> Means => new()
    {
        // forecast 8.20, thetaf(x)$mean
        { nameof(ClassicSeries.AirPassengers), 12, [440.0781911, 428.3842806, 489.7070987, 475.7046277, 479.6703887, 545.3662722, 602.7520018, 601.1007631] },
        { nameof(ClassicSeries.Nile), 1, [799.8119962, 798.4548435, 797.0976908] },
        { nameof(ClassicSeries.UKgas), 4, [999.7439171, 660.0976420, 387.1894672, 718.3607430, 1016.0763726, 670.8375553] },
        { nameof(ClassicSeries.WWWusage), 1, [220.3096281, 220.6190250, 220.9284220, 221.2378189] },
        { nameof(ClassicSeries.LakeHuron), 1, [579.9478912, 579.9357907, 579.9236901] },
        { nameof(ClassicSeries.USAccDeaths), 12, [8270.693806, 7508.923867, 8322.124807, 8554.143505, 9450.092974, 9870.933620] },
    };

    [Theory, MemberData(nameof(Means))]
    public void Theta_agrees_with_r_to_30_millionths(string name, int season, double[] expected) // R's simplex stops earlier than our bisection
    {
        var (mean, _) = Forecast(new Theta(), name, season, expected.Length);
        for (var step = 0; step < expected.Length; step++) Assert.Equal(expected[step], mean[step], 3e-5 * expected[step]);
    }

    [Fact]
    public void Theta_knows_its_spread_as_r_does() // forecast 8.20: (thetaf(x)$upper - mean) / qnorm(.975), no season
    {
        AssertClose([144.23176, 148.52040, 152.68863], Forecast(new Theta(), nameof(ClassicSeries.Nile), 1, 3).Deviation, 3e-5);
        AssertClose([5.8297476, 8.2440956, 10.0967454], Forecast(new Theta(), nameof(ClassicSeries.WWWusage), 1, 3).Deviation, 3e-5);
    }

    // An R script of the paper's equations, minimised with optim (Nelder-Mead from nine starts, each restarted six times): the sum of squared
    // errors, alpha, and four forecasts.
    [Theory]
    [InlineData("Nile", ThetaVariant.Standard, 2026802.041, 0.219691, 808.0988, 806.7417, 805.3845, 804.0274)]
    [InlineData("Nile", ThetaVariant.Optimised, 2020502.109, 0.207172, 805.6310, 802.9167, 800.2024, 797.4881)]
    [InlineData("Nile", ThetaVariant.DynamicStandard, 2134863.539, 0.262905, 794.5273, 793.1837, 791.8444, 790.5095)]
    [InlineData("Nile", ThetaVariant.DynamicOptimised, 2033721.331, 0.246561, 805.0378, 805.0378, 805.0378, 805.0378)]
    [InlineData("WWWusage", ThetaVariant.Standard, 3310.655662, 0.99, 220.3329241, 220.6423210, 220.9517180, 221.2611149)]
    [InlineData("WWWusage", ThetaVariant.Optimised, 3256.280448, 0.99, 220.6454463, 221.2642401, 221.8830340, 222.5018279)]
    [InlineData("WWWusage", ThetaVariant.DynamicStandard, 3446.760181, 0.99, 220.3329241, 220.6576178, 220.9964794, 221.3486048)]
    [InlineData("LakeHuron", ThetaVariant.Optimised, 54.00844099, 0.99, 579.9547068, 579.9502165, 579.9457262, 579.9412359)]
    [InlineData("LakeHuron", ThetaVariant.DynamicOptimised, 51.05104588, 0.99, 579.9592424, 579.9592424, 579.9592424, 579.9592424)]
    public void Theta_models_find_the_least_squares_of_the_published_equations(
        string name, ThetaVariant variant, double squares, double alpha, double first, double second, double third, double fourth)
    {
        var fit = new DynamicThetaKernel(variant).Fit<Lanes1>(MemoryMarshal.Cast<double, Lanes1>(Series(name)));
        Assert.Equal(squares, Number(fit.SquaredErrors), squares * 1e-9);
        Assert.Equal(alpha, Number(fit.Alpha), 2e-6);
        AssertClose([first, second, third, fourth], Forecast(new DynamicTheta(variant), name, 1, 4).Mean, 1e-6);
    }

    [Fact]
    public void The_standard_model_is_the_mean_of_theta_lines_0_and_2()
    {
        // Extrapolate the lines themselves, with the alpha and the first level that the model found (line 2 starts at twice that level).
        var series = ClassicSeries.Nile;
        var fit = new DynamicThetaKernel(ThetaVariant.Standard).Fit<Lanes1>(MemoryMarshal.Cast<double, Lanes1>(series));
        double n = series.Length, mean = series.Average();
        var slope = series.Select((y, t) => (t + 1 - (n + 1) / 2) * y).Sum() * 12 / (n * (n * n - 1));
        double Line(double t) => mean + slope * (t - (n + 1) / 2);
        var level = 2 * Number(fit.FirstLevel);
        for (var t = 1; t <= series.Length; t++) level += Number(fit.Alpha) * (2 * series[t - 1] - Line(t) - level);
        var expected = Enumerable.Range(1, 4).Select(h => (level + Line(n + h)) / 2).ToArray();
        AssertClose(expected, Forecast(new DynamicTheta(ThetaVariant.Standard), nameof(ClassicSeries.Nile), 1, 4).Mean, 1e-9);
    }

    [Fact]
    public void The_spread_of_a_static_model_is_that_of_smoothing()
    {
        var fit = new DynamicThetaKernel(ThetaVariant.Optimised).Fit<Lanes1>(MemoryMarshal.Cast<double, Lanes1>(ClassicSeries.Nile));
        var deviation = Forecast(new DynamicTheta(ThetaVariant.Optimised), nameof(ClassicSeries.Nile), 1, 5).Deviation;
        var variance = Number(fit.SquaredErrors) / (100 - 3); // alpha, theta and l(0) were fitted
        AssertClose([.. Enumerable.Range(0, 5).Select(h => Math.Sqrt(variance * (1 + h * Number(fit.Alpha) * Number(fit.Alpha))))], deviation, 1e-9);
    }

    [Fact]
    public void The_spread_of_a_dynamic_model_is_what_simulated_paths_show()
    {
        double[] series = [.. Enumerable.Range(0, 30).Select(t => 50 + t + 8 * Math.Sin(t * t))];
        var kernel = new DynamicThetaKernel(ThetaVariant.DynamicStandard);
        var fit = kernel.Fit<Lanes1>(MemoryMarshal.Cast<double, Lanes1>(series));
        double[] mean = new double[6], deviation = new double[6], squares = new double[6];
        new DynamicTheta(ThetaVariant.DynamicStandard).Forecast(series, 1, mean, deviation);
        var random = new Random(7);
        const int Paths = 20_000;
        for (var path = 0; path < Paths; path++)
        {
            var state = fit.End;
            for (var h = 0; h < 6; h++)
            {
                var noise = deviation[0] * Math.Sqrt(12) * (random.NextDouble() - 0.5);
                var value = Number(state.Next(fit)) + noise;
                squares[h] += (value - mean[h]) * (value - mean[h]) / Paths;
                state = state.After(Lanes1.Of(value), 31 + h, fit, dynamic: true);
            }
        }

        AssertClose([.. squares.Select(Math.Sqrt)], deviation, 0.02);
    }

    [Fact]
    public void A_trend_line_that_grows_period_by_period_ends_as_that_of_all_periods()
    {
        // Through 3, 5, 10, 6: mean 6, slope (-1.5 * 3 - .5 * 5 + .5 * 10 + 1.5 * 6) / 5 = 1.4, intercept 6 - 2.5 * 1.4.
        var lines = new TrendLine<Lanes1>[5];
        TrendLine<Lanes1>.Write(MemoryMarshal.Cast<double, Lanes1>(new double[] { 3, 5, 10, 6 }), true, lines);
        Assert.Equal(1.4, Number(lines[4].Slope), 12);
        Assert.Equal(2.5, Number(lines[4].Intercept), 12);
        Assert.Equal(2, Number(lines[2].Slope), 12); // 3, 5
    }

    [Theory, InlineData(ThetaVariant.DynamicOptimised), InlineData(ThetaVariant.Optimised)]
    public void Theta_models_take_a_hundred_thousand_periods_in_their_stride(ThetaVariant variant)
    {
        double[] history = [.. Enumerable.Range(0, 100_000).Select(t => 20.0 + t % 7 + t % 11)], mean = new double[3];
        new DynamicTheta(variant).Forecast(history, 1, mean);
        Assert.All(mean, value => Assert.InRange(value, 20, 36));
    }

    private static (double[] Mean, double[] Deviation) Forecast(IBatchMethod method, string name, int season, int horizon)
    {
        double[] mean = new double[horizon], deviation = new double[horizon];
        method.Forecast(Series(name), season, mean, deviation);
        return (mean, deviation);
    }

    private static double[] Series(string name) => name switch
    {
        nameof(ClassicSeries.AirPassengers) => ClassicSeries.AirPassengers,
        nameof(ClassicSeries.Nile) => ClassicSeries.Nile,
        nameof(ClassicSeries.UKgas) => ClassicSeries.UKgas,
        nameof(ClassicSeries.USAccDeaths) => ClassicSeries.USAccDeaths,
        nameof(ClassicSeries.WWWusage) => ClassicSeries.WWWusage,
        _ => ClassicSeries.LakeHuron,
    };

    private static double Number(Lanes1 lane) => Unsafe.BitCast<Lanes1, double>(lane);

    private static void AssertClose(double[] expected, double[] actual, double relative)
    {
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], relative * Math.Abs(expected[i]));
    }
}
