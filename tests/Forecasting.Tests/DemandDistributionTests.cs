using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

public sealed class DemandDistributionTests
{
    // R 4: ppois(6, m) and sum((k - s) dpois(k, m)) over k > s
    [Theory]
    [InlineData(3, .966491464691159, 6, .050702614240863)]
    [InlineData(0.5, .999998997620397, 1, .106530659712633)]
    public void Poisson_agrees_with_r(double mean, double cdfAt6, double stock, double shortage)
    {
        var demand = CountDemand.Poisson(mean);
        Assert.Equal(cdfAt6, demand.Cdf(6), 11);
        Assert.Equal(shortage, demand.Shortage(stock), 10);
    }

    [Fact]
    public void Negative_binomial_agrees_with_r()
    {
        var demand = CountDemand.NegativeBinomial(1.5, 4); // size = 1.5^2 / 2.5 = .9
        Assert.Equal(.949953611568743, demand.Cdf(5), 11); // pnbinom(5, size = .9, mu = 1.5)
        Assert.Equal(.131176815353066, demand.Shortage(5), 9); // sum((k - 5) dnbinom(k, ...)) over k > 5
        Assert.Equal(9, demand.Quantile(.99)); // qnbinom(.99, ...)
    }

    [Fact]
    public void Gamma_agrees_with_r()
    {
        var demand = new GammaDemand(12, 30); // shape 4.8, scale 2.5
        Assert.Equal(.914503073714068, demand.Cdf(20), 11); // pgamma
        Assert.Equal(22.192988374900224, demand.Quantile(.95), 9); // qgamma
        Assert.Equal(.332444799576298, demand.Shortage(20), 9); // integrate
    }

    [Fact]
    public void Negative_binomial_with_mean_1_and_variance_2_is_geometric()
    {
        var demand = CountDemand.NegativeBinomial(1, 2); // P(D > k) = 2^-(k+1), E[(D-k)+] = 2^-k
        Assert.Equal(1 - 1.0 / 16, demand.Cdf(3.9), 12);
        Assert.Equal(1.0 / 8, demand.Shortage(3), 11);
        Assert.Equal((1.0 / 8 + 1.0 / 16) / 2, demand.Shortage(3.5), 11);
        Assert.Equal(3, demand.Quantile(.9));
        Assert.Equal(2, demand.Quantile(.875)); // reached exactly
    }

    [Fact]
    public void Normal_shortages_are_those_of_the_unit_normal_loss_table()
    {
        var demand = new NormalDemand(100, 20); // G(1) = .08331547, G(0) = .39894228 (Silver, Pyke & Thomas 2017, table II.1)
        Assert.Equal(20 * .08331547, demand.Shortage(120), 6);
        Assert.Equal(20 * .39894228, demand.Shortage(100), 6);
        Assert.Equal(132.8970725390295, demand.Quantile(.95), 9);
        Assert.Equal(100, demand.Mean, 5); // 5 deviations above zero the cut adds a millionth
    }

    [Fact]
    public void Half_a_normal_is_cut_at_zero()
    {
        var demand = new NormalDemand(0, 2);
        Assert.Equal(2 / Math.Sqrt(2 * Math.PI), demand.Mean, 12);
        Assert.Equal(2 - 2 / Math.PI, demand.Variance, 12); // E = 4/2, less (2/sqrt(2 pi))^2
        Assert.Equal(.5, demand.Cdf(0), 12);
        Assert.Equal(0, demand.Quantile(.4));
    }

    [Fact]
    public void Exponential_demand_is_gamma_of_shape_1()
    {
        var demand = new GammaDemand(10, 100);
        Assert.Equal(1 - Math.Exp(-2), demand.Cdf(20), 12);
        Assert.Equal(10 * Math.Log(20), demand.Quantile(.95), 9);
        Assert.Equal(10 * Math.Exp(-2), demand.Shortage(20), 10);
    }

    [Fact]
    public void Samples_count_alike()
    {
        var demand = new EmpiricalDemand([4, 0, double.NaN, 2, 2]);
        Assert.Equal((2, 2), (demand.Mean, demand.Variance));
        Assert.Equal(.75, demand.Cdf(2));
        Assert.Equal((2, 4, 0), (demand.Quantile(.75), demand.Quantile(.76), demand.Quantile(.25)));
        Assert.Equal(1.25, demand.Shortage(1)); // (3 + 1 + 1) / 4
    }

    [Fact]
    public void A_quantile_curve_is_straight_between_its_points_and_exponential_above_them()
    {
        var demand = new QuantileCurve([.5, .9], [10, 20]);
        var tail = 10 / Math.Log(5); // (20 - 10) / ln(.5 / .1)
        Assert.Equal(15, demand.Quantile(.7), 12);
        Assert.Equal(.7, demand.Cdf(15), 12);
        Assert.Equal(10, demand.Quantile(.2));
        Assert.Equal(20 + tail * Math.Log(10), demand.Quantile(.99), 10);
        Assert.Equal(.99, demand.Cdf(demand.Quantile(.99)), 12);
        Assert.Equal(.4 * .5 * 2.5 + .1 * (5 + tail), demand.Shortage(15), 12); // half of the line is above 15, by 2.5 on average
        Assert.Equal(.5 * 10 + .4 * 15 + .1 * (20 + tail), demand.Mean, 12);
    }

    [Fact]
    public void Means_of_any_size_give_quantiles_near_the_normal_limit()
    {
        var demand = CountDemand.Poisson(1e12); // deviation 1e6
        Assert.InRange(demand.Quantile(.95), 1e12 + 1.64e6, 1e12 + 1.65e6);
        Assert.Equal(1e6 * .39894228, demand.Shortage(1e12), 1e3);
    }

    [Fact]
    public void The_large_limit_joins_the_exact_tables_smoothly()
    {
        foreach (var dispersion in new[] { 1.0, 3, 30 })
        {
            var (below, above) = (CountDemand.NegativeBinomial(200, 200 * dispersion), CountDemand.NegativeBinomial(200.01, 200.01 * dispersion));
            foreach (var level in new[] { .5, .95, .99 })
                Assert.Equal(below.Quantile(level), above.Quantile(level), 2 + .005 * below.Quantile(level));
            Assert.Equal(below.Shortage(220), above.Shortage(220), .02 * below.Shortage(220) + .05);
        }
    }

    public static TheoryData<string> Shapes => [.. All().Select(one => one.Name)];

    [Theory, MemberData(nameof(Shapes))]
    public void Every_distribution_obeys_the_laws_of_all(string name)
    {
        var demand = All().Single(one => one.Name == name).Demand;
        Assert.True(double.IsFinite(demand.Mean) && demand.Mean >= 0 && double.IsFinite(demand.Variance) && demand.Variance >= 0);
        Assert.Equal(demand.Mean, demand.Shortage(0), 1e-6 * (1 + demand.Mean));
        Assert.Equal(demand.Mean + 7, demand.Shortage(-7), 1e-6 * (1 + demand.Mean));
        double quantile = 0, shortage = double.PositiveInfinity;
        foreach (var level in new[] { 0, 1e-6, .01, .3, .5, .8, .95, .999, 1 - 1e-9, 1 })
        {
            var next = demand.Quantile(level);
            Assert.True(double.IsFinite(next) && next >= quantile);
            Assert.InRange(demand.Cdf(next * (1 + 1e-9) + 1e-9), Math.Min(level, 1 - 1e-9) - 1e-6, 1);
            Assert.InRange(demand.Shortage(next), 0, shortage);
            (quantile, shortage) = (next, demand.Shortage(next));
        }

        if (demand is not NormalDemand || demand.Variance < demand.Mean * demand.Mean / 25) // the sum of what a normal is before the cut is cut less
            Assert.Equal(demand.Mean * 4, demand.Sum(4).Mean, .05 * demand.Mean + 1e-6);
        Assert.Throws<ArgumentOutOfRangeException>(() => demand.Quantile(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => demand.Quantile(1.01));
    }

    [Fact]
    public void What_is_no_distribution_is_refused()
    {
        foreach (var wrong in new[] { double.NaN, double.PositiveInfinity, -1 })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => CountDemand.Poisson(wrong));
            Assert.Throws<ArgumentOutOfRangeException>(() => CountDemand.NegativeBinomial(1, wrong));
            Assert.Throws<ArgumentOutOfRangeException>(() => new GammaDemand(wrong, 1));
            Assert.Throws<ArgumentOutOfRangeException>(() => new NormalDemand(1, wrong));
        }

        Assert.Throws<ArgumentException>(() => new EmpiricalDemand([double.NaN]));
        Assert.Throws<ArgumentException>(() => new QuantileCurve([], []));
        Assert.Throws<ArgumentException>(() => new QuantileCurve([.5, .4], [1, 2]));
        Assert.Throws<ArgumentException>(() => new QuantileCurve([.5], [double.NaN]));
    }

    [Fact]
    public void Forecast_quantiles_become_a_distribution()
    {
        var values = new double[ProtectionDemand.Levels.Length];
        NegativeBinomial.Quantiles(30, 90, ProtectionDemand.Levels, values);
        var demand = new ProtectionDemand(2, 30, Math.Sqrt(90), values).ToDistribution();
        Assert.Equal(30, demand.Mean, .6); // lines between whole numbers lose up to half a unit
        Assert.Equal(90, demand.Variance, 3.0);
        Assert.Equal(values[14], demand.Quantile(.95));
    }

    private static List<(string Name, IDemandDistribution Demand)> All()
    {
        var all = new List<(string, IDemandDistribution)>
        {
            ("samples", new EmpiricalDemand([0, 0, 3, 1, 900])), ("one sample", new EmpiricalDemand([5])), ("curve", new QuantileCurve(ProtectionDemand.Levels, [.. Enumerable.Range(-3, 21).Select(v => (double)v)])),
            ("flat curve", new QuantileCurve([.2, .8], [7, 7])), ("one point", new QuantileCurve([.5], [7])), ("zero curve", new QuantileCurve([.2, .8], [0, 0])),
        };
        foreach (var (mean, variance) in new[] { (0.0, 0.0), (0, 5), (5, 0), (1e-300, 1), (1e-9, 1e-9), (.3, .3), (.3, 20), (2, 150), (5, 1e9), (150, 150), (150, 14_000), (4_000, 1e5), (1e12, 1e12), (1e12, 1e26) })
        {
            all.Add(($"count {mean} {variance}", CountDemand.NegativeBinomial(mean, variance)));
            all.Add(($"gamma {mean} {variance}", new GammaDemand(mean, variance)));
            all.Add(($"normal {mean} {variance}", new NormalDemand(mean, Math.Sqrt(variance))));
        }

        return all;
    }
}
