using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

public sealed class DemandClassTests
{
    [Theory]
    [InlineData(new double[] { 5, 4, 6, 5 }, DemandClass.Smooth)] // ADI 1, sizes alike
    [InlineData(new double[] { 0, 4, 0, 0, 2 }, DemandClass.Intermittent)] // ADI 2.5; mean 3, variance 1: CV2 1/9
    [InlineData(new double[] { 1, 10, 1, 1 }, DemandClass.Erratic)] // ADI 1; mean 3.25, variance 15.1875: CV2 1.44
    [InlineData(new double[] { 0, 1, 0, 10, 0, 1 }, DemandClass.Lumpy)] // ADI 2; mean 4, variance 18: CV2 1.125
    [InlineData(new double[] { 0, 0, 0 }, DemandClass.Intermittent)] // never sold
    [InlineData(new double[] { 4, double.NaN, double.NaN, 4 }, DemandClass.Smooth)] // out of stock is not "no demand"
    public void Interval_and_size_decide(double[] history, DemandClass expected) => Assert.Equal(expected, DemandProfile.Of(history).Class);

    [Fact]
    public void The_figures_are_those_of_the_definition()
    {
        var profile = DemandProfile.Of([0, 1, 0, 10, 0, 1]);
        Assert.Equal(2, profile.Interval, 12);
        Assert.Equal(18.0 / 16, profile.SizeVariation, 12);
    }
}
