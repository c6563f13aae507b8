using System.Text;
using Shabou.ForecastService.Training;
using Shabou.Forecasting;

namespace Shabou.ForecastService.Tests.Training;

public sealed class StoredInputTests
{
    private static readonly PartHistory Part = new("A", 12, [0.1, double.NaN, 1e-300, 123456789.123456789, 1.0 / 3])
    {
        Group = "brakes/pads/", Regressors = [[0, 1, .5]], ProtectionPeriods = 3, UnitValue = 1.0 / 7, Discontinued = true,
    };

    [Fact]
    public void What_is_read_back_is_the_same_to_the_bit()
    {
        var read = StoredInput.Read(Encoding.UTF8.GetString(StoredInput.Write(Part)));
        Assert.Equal(Part.Demand.Select(BitConverter.DoubleToInt64Bits), read.Demand.Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal(Part.Regressors[0], read.Regressors[0]);
        Assert.Equal(Part with { Demand = [], Regressors = [] }, read with { Demand = Array.Empty<double>(), Regressors = [] }, (a, b) =>
            (a.Id, a.Season, a.Group, a.ProtectionPeriods, a.UnitValue, a.Discontinued) == (b.Id, b.Season, b.Group, b.ProtectionPeriods, b.UnitValue, b.Discontinued));
        Assert.Equal(StoredInput.Write(Part), StoredInput.Write(read));
    }

    [Fact]
    public void Whatever_changes_the_forecasts_changes_the_hash()
    {
        PartSeries[] parts =
        [
            new('M', 10, Part), new('W', 10, Part), new('M', 11, Part), new('M', 10, Part with { Id = "B" }), new('M', 10, Part with { Group = "" }),
            new('M', 10, Part with { Demand = [0.1] }), new('M', 10, Part with { ProtectionPeriods = 4 }), new('M', 10, Part with { Discontinued = false }),
        ];
        var hashes = parts.Select(part => StoredInput.Hash([(part, StoredInput.Write(part.History))])).ToList();
        Assert.Equal(parts.Length, hashes.Distinct().Count());
        Assert.NotEqual(Of(parts[0], parts[1]), Of(parts[1], parts[0]));

        static string Of(params PartSeries[] all) => StoredInput.Hash(all.Select(part => (part, StoredInput.Write(part.History))));
    }
}
