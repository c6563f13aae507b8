using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

/// <summary>2,674 car parts, 39 months to learn from, the next 12 to be forecast: the figures that other programs got.</summary>
public sealed class CarpartsTests
{
    private static readonly Lazy<Dictionary<string, MethodAccuracy>> Table = new(() =>
    {
        var errors = SharedData.Read("carparts_zero_filled.csv.gz", firstValue: 4).Select(history => Backtest.Run(history, 12)!).ToList();
        return ForecastMethods.All.Select((m, i) => MethodAccuracy.Of(m.Name, errors.Select(e => e[i]))).ToDictionary(a => a.Method);
    });

    // Exact by definition. The table was rounded from four digits (the seasonal naive's .73949 is printed .740), so do the same here. TSB's
    // start is not part of its definition; ours, documented in its class, gives these digits.
    [Theory]
    [InlineData("zero", .7464, .391, 1.166, -1.00, 1.000)]
    [InlineData("naive", 1.137, .647, 1.676, .23, 1.502)]
    [InlineData("seasonal-naive", 1.127, .626, 1.533, .13, .740)]
    [InlineData("moving-average-12", 1.055, .562, 1.084, .13, .740)]
    [InlineData("croston", 1.395, .706, 1.207, .38, 1.253)]
    [InlineData("sba", 1.361, .688, 1.194, .31, 1.204)]
    [InlineData("tsb", 1.067, .590, 1.084, .23, .797)]
    public void Simple_methods_agree_to_the_printed_digits(string method, double mase, double mae, double rmse, double bias, double wape)
    {
        _ = SharedData.Find("carparts_zero_filled.csv.gz");
        var row = Table.Value[method];
        Assert.Equal(2674, row.Series);
        Assert.Equal(mase, method == "zero" ? Math.Round(row.Mase, 4) : Printed(row.Mase));
        Assert.Equal(mae, Printed(row.Mae));
        Assert.Equal(rmse, Printed(row.Rmse));
        Assert.Equal(bias, Math.Round(row.Bias, 2));
        Assert.Equal(wape, Printed(row.CumulativeWape));
    }

    [Theory]
    [InlineData("ses", 1.095, .598, 1.138, .25, .850)]
    [InlineData("theta", 1.159, .600, 1.162, .08, .887)]
    public void Optimised_methods_agree_with_r_within_2_percent(string method, double mase, double mae, double rmse, double bias, double wape)
    {
        _ = SharedData.Find("carparts_zero_filled.csv.gz");
        var row = Table.Value[method];
        Assert.Equal(mase, row.Mase, mase * .02);
        Assert.Equal(mae, row.Mae, mae * .02);
        Assert.Equal(rmse, row.Rmse, rmse * .02);
        Assert.Equal(bias, row.Bias, .02);
        Assert.Equal(wape, row.CumulativeWape, wape * .02);
    }

    [Fact]
    public void The_combination_is_nearer_to_the_total_than_each_of_its_members()
    {
        _ = SharedData.Find("carparts_zero_filled.csv.gz");
        foreach (var member in new[] { "theta", "ses", "tsb" })
            Assert.True(Table.Value["combination"].CumulativeWape < Table.Value[member].CumulativeWape);
    }

    private static double Printed(double figure) => Math.Round(Math.Round(figure, 4), 3, MidpointRounding.AwayFromZero);
}
