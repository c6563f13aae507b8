using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

/// <summary>Series side by side in the vector lanes get the bits that each would get alone.</summary>
public sealed class LaneTests
{
    private const int Horizon = 14;

    public static TheoryData<string> Methods => [.. BatchMethods.Select(m => m.Name)];

    internal static IReadOnlyList<IBatchMethod> BatchMethods { get; } =
        [new Theta(), .. Enum.GetValues<ThetaVariant>().Select(variant => new DynamicTheta(variant))];

    [Theory, InlineData(1), InlineData(4), InlineData(8)]
    public void Theta_gives_the_same_bits_at_every_width(int width) => Same_bits_at(width, new ThetaKernel());

    [Theory, InlineData(1), InlineData(4), InlineData(8)]
    public void Dynamic_theta_gives_the_same_bits_at_every_width(int width) =>
        Same_bits_at(width, new DynamicThetaKernel(ThetaVariant.DynamicOptimised));

    [Theory, MemberData(nameof(Methods))]
    public void A_batch_gives_what_one_series_alone_gives_with_any_number_of_threads(string name)
    {
        var method = BatchMethods.Single(m => m.Name == name);
        var histories = Histories();
        var alone = new double[2 * histories.Length * Horizon];
        for (var i = 0; i < histories.Length; i++)
            method.Forecast(histories[i].Span, 12, alone.AsSpan(i * Horizon, Horizon), alone.AsSpan((histories.Length + i) * Horizon, Horizon));
        foreach (var threads in new[] { 1, 2, 7 })
        {
            double[] means = new double[histories.Length * Horizon], deviations = new double[means.Length];
            method.ForecastAll(histories, 12, Horizon, means, deviations, threads, TestContext.Current.CancellationToken);
            Assert.Equal(Bits(alone), Bits([.. means, .. deviations]));
        }
    }

    [Theory, MemberData(nameof(Methods))]
    public void The_mean_is_the_same_whether_deviations_are_asked_for_or_not(string name)
    {
        var method = BatchMethods.Single(m => m.Name == name);
        double[] with = new double[Horizon], without = new double[Horizon];
        foreach (var history in Histories().Take(20))
        {
            method.Forecast(history.Span, 12, with, new double[Horizon]);
            method.Forecast(history.Span, 12, without);
            Assert.Equal(Bits(with), Bits(without));
        }
    }

    [Theory, MemberData(nameof(Methods))]
    public void Every_mean_and_deviation_is_a_number_whatever_the_history(string name)
    {
        var method = BatchMethods.Single(m => m.Name == name);
        foreach (var (history, season) in BadInput.Histories())
        {
            double[] mean = new double[30], deviation = new double[30];
            method.Forecast(history, season, mean, deviation);
            Assert.All(mean, value => Assert.True(double.IsFinite(value)));
            Assert.All(deviation, value => Assert.True(double.IsFinite(value) && value >= 0));
        }
    }

    [Theory, MemberData(nameof(Methods))]
    public void A_batch_names_the_history_that_holds_nothing_and_computes_none(string name)
    {
        var method = BatchMethods.Single(m => m.Name == name);
        var means = new double[6];
        var error = Assert.Throws<ArgumentException>(() => method.ForecastAll(
            [new double[] { 1, 2, 3 }, new[] { double.NaN, double.NaN }], 1, 3, means, [], 1, TestContext.Current.CancellationToken));
        Assert.Contains("History 1 ", error.Message, StringComparison.Ordinal);
        Assert.Equal(new double[6], means);
    }

    [Fact]
    public void A_batch_refuses_an_array_that_is_too_short() => Assert.Throws<ArgumentException>(() => new Theta().ForecastAll(
        [new double[] { 1, 2, 3 }, new double[] { 1 }], 1, 3, new double[5], [], 1, TestContext.Current.CancellationToken));

    [Fact]
    public void A_cancelled_batch_stops() => Assert.ThrowsAny<OperationCanceledException>(() => new Theta().ForecastAll(
        [new double[] { 1, 2, 3 }], 1, 3, new double[3], [], 2, new CancellationToken(canceled: true)));

    [Fact]
    public void Groups_hold_series_of_one_length_in_order_and_each_series_once()
    {
        var histories = Enumerable.Range(0, 61).Select(i => new ReadOnlyMemory<double>(new double[1 + i % 3])).ToArray();
        var groups = LaneGroup.Of(histories, 8);
        Assert.Equal(Enumerable.Range(0, 61), groups.SelectMany(g => g.Members.ToArray()).Order());
        foreach (var group in groups)
        {
            Assert.InRange(group.Members.Length, 1, group.Width);
            Assert.Single(group.Members.ToArray().Select(i => histories[i].Length).Distinct());
            Assert.Equal(group.Members.ToArray().Order(), group.Members.ToArray());
        }

        Assert.Equal([8, 8, 8, 8, 8, 4, 8, 8, 4], groups.Select(g => g.Width)); // 21 + 20 + 20 series: the rest of 5 needs 8 lanes, of 4 only 4
    }

    internal static void Same_bits_at<TKernel>(int width, TKernel kernel) where TKernel : ILaneKernel
    {
        var histories = Histories();
        double[] means = new double[histories.Length * Horizon], deviations = new double[means.Length];
        LaneBatch.All(kernel, new LaneJob(histories, 12, Horizon, means, deviations), width, 1, TestContext.Current.CancellationToken);
        double[] mean = new double[Horizon], deviation = new double[Horizon];
        for (var i = 0; i < histories.Length; i++)
        {
            LaneBatch.One(kernel, histories[i].Span, 12, mean, deviation);
            Assert.Equal(Bits(mean), Bits(means[(i * Horizon)..((i + 1) * Horizon)]));
            Assert.Equal(Bits(deviation), Bits(deviations[(i * Horizon)..((i + 1) * Horizon)]));
        }
    }

    /// <summary>Seasonal, trending, intermittent, constant, huge and gappy ones of lengths 1 to 61 that share a length with a few others.</summary>
    private static ReadOnlyMemory<double>[] Histories()
    {
        var random = new Random(20261121);
        return [.. Enumerable.Range(0, 120).Select(i =>
        {
            var (level, slope, chance) = (random.Next(1, 200), random.NextDouble() * 4 - 2, random.NextDouble());
            var history = new double[1 + random.Next(0, 11) * 6];
            for (var t = 0; t < history.Length; t++)
                history[t] = (i % 6) switch
                {
                    0 => random.NextDouble() < chance ? random.Next(1, level + 1) : 0,
                    1 => level,
                    2 => t > 0 && random.Next(9) == 0 ? double.NaN : level + random.NextDouble(),
                    3 => 1e150 * (level + t % 12),
                    _ => (level + slope * t + random.NextDouble() * 20) * (1 + 0.5 * Math.Sin(t * Math.PI / 6)),
                };
            return new ReadOnlyMemory<double>(history);
        })];
    }

    private static long[] Bits(double[] values) => [.. values.Select(BitConverter.DoubleToInt64Bits)];
}
