namespace Shabou.Forecasting.Tests;

/// <summary>The bits of a result depend neither on the width of the machine's registers nor on threads.</summary>
public sealed class EtsLaneTests
{
    public static TheoryData<string> Models => [.. EtsModel.Admissible.Select(m => m.Name)];

    [Theory, MemberData(nameof(Models))]
    public void Eight_four_or_one_lane_climb_to_the_same_bits(string name)
    {
        var layout = new EtsLayout(EtsModel.Admissible.Single(m => m.Name == name), 12);
        var series = Scaled(ClassicSeries.AirPassengers, 256);
        var start = new EtsStarts(series, 12).Find(layout)[0].Point;
        var (eight, four, one) = (start.ToArray(), start.ToArray(), start.ToArray());
        using var search = new EtsSearch(series.Length);
        var deviance = search.Descend<EightLanes>(series, layout, eight, EtsSearch.Exact, double.PositiveInfinity);
        Assert.Equal(deviance, search.Descend<FourLanes>(series, layout, four, EtsSearch.Exact, double.PositiveInfinity));
        Assert.Equal(deviance, search.Descend<OneLane>(series, layout, one, EtsSearch.Exact, double.PositiveInfinity));
        Assert.Equal(eight, four);
        Assert.Equal(eight, one);
        Assert.NotEqual(start, eight);
    }

    [Theory, MemberData(nameof(Models))]
    public void Sixteen_four_or_one_candidate_at_a_time_get_the_same_deviance(string name)
    {
        var layout = new EtsLayout(EtsModel.Admissible.Single(m => m.Name == name), 12);
        var series = Scaled(ClassicSeries.AirPassengers, 256);
        var point = new EtsStarts(series, 12).Find(layout)[0].Point;
        var sets = new double[4 * 16];
        for (var i = 0; i < 16; i++)
            (sets[i], sets[16 + i], sets[32 + i], sets[48 + i]) =
                (.05 * (i + 1), layout.Beta < 0 ? 0 : .01 * (i + 1), layout.Gamma < 0 ? 0 : .01 * (16 - i), layout.Phi < 0 ? 1 : .8 + .01 * i);
        var (sixteen, four, one) = (new double[16], new double[16], new double[16]);
        EtsScreen.Run<SixteenLanes>(series, layout, point, sets, 16, sixteen);
        EtsScreen.Run<FourLanes>(series, layout, point, sets, 16, four);
        EtsScreen.Run<OneLane>(series, layout, point, sets, 16, one);
        Assert.Equal(sixteen, four);
        Assert.Equal(sixteen, one);

        // And it is the deviance of the recursion that the climb uses, but for the order in which its sums are rounded.
        layout.Write(new(sets[3], sets[19], sets[35], sets[51]), point);
        using var search = new EtsSearch(series.Length);
        Assert.Equal(search.Deviance(series, layout, point), sixteen[3], 1e-8);
    }

    [Theory, MemberData(nameof(Models))]
    public void Derivatives_are_those_of_small_differences(string name)
    {
        var layout = new EtsLayout(EtsModel.Admissible.Single(m => m.Name == name), 12);
        double[] series = [.. Enumerable.Range(0, 3).SelectMany(_ => Scaled(ClassicSeries.AirPassengers, 256))]; // more than one piece
        var point = new EtsStarts(series, 12).Find(layout)[0].Point;
        var (kept, errors, indices) = (new double[series.Length * EtsRecursion.Kept], new double[series.Length], new double[EtsModel.LongestSeason]);
        double Squares(double[] at) => EtsRecursion.Run(series, layout, at, kept, errors, indices).Squares;
        var (work, products, logs) = (new double[EtsSensitivities.WorkSize], new double[EtsLayout.LongestStride * EtsLayout.LongestStride], new double[EtsLayout.LongestStride]);
        Squares(point);
        EtsSensitivities.Products<OneLane>(layout, point, series.Length, kept, errors, work, products, logs);
        for (var unknown = 0; unknown < layout.Count; unknown++)
        {
            var (up, down) = (point.ToArray(), point.ToArray());
            (up[unknown], down[unknown]) = (up[unknown] + 1e-6, down[unknown] - 1e-6);
            var expected = (Squares(up) - Squares(down)) / 2e-6 / 2; // half the derivative of the sum of squares is the sum of error * its derivative
            Assert.Equal(expected, products[layout.Count * layout.Stride + unknown], 1e-5 * (1 + Math.Abs(expected)));
        }
    }

    [Fact]
    public void Threads_do_not_matter()
    {
        var series = MethodPropertyTests.Histories().Take(12).ToArray();
        var alone = series.Select(s => AutoEts.Select(s, 12).Best.LogLikelihood).ToArray();
        var together = new double[series.Length];
        Parallel.For(0, series.Length, i => together[i] = AutoEts.Select(series[i], 12).Best.LogLikelihood);
        Assert.Equal(alone, together);
    }

    private static double[] Scaled(double[] series, double by) => [.. series.Select(v => v / by)];
}
