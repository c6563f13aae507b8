using System.Globalization;
using System.IO.Compression;

namespace Shabou.Forecasting.Tests;

/// <summary>The choice among exponential smoothing models.</summary>
public sealed class AutoEtsTests
{
    private const double Missing = double.NaN;

    [Theory] // ets(y) of R's forecast 8.20: model and AICc
    [InlineData("USAccDeaths", "ETS(A,N,A)", 1148.716098597)]
    [InlineData("UKgas", "ETS(M,A,M)", 1256.558294160)]
    [InlineData("WWWusage", "ETS(A,Ad,N)", 718.634206202)]
    public void The_model_chosen_is_that_of_r_and_fits_no_worse(string name, string model, double aicc)
    {
        var (values, season) = ClassicSeries.Of(name);
        var best = AutoEts.Select(values, season).Best;
        Assert.Equal(model, best.Model.Name);
        Assert.True(best.Aicc <= aicc + 1e-6, $"{best.Aicc} is above {aicc}");
    }

    [Fact]
    public void Where_r_stops_below_the_top_the_model_may_be_another_and_better()
    {
        // R prefers ETS(M,Ad,M), 1400.638, because its search for ETS(M,A,M) ends at 1403.664; that model's likelihood goes up to 1390.85.
        var best = AutoEts.Select(ClassicSeries.AirPassengers, 12).Best;
        Assert.Equal("ETS(M,A,M)", best.Model.Name);
        Assert.Equal(1390.8515, best.Aicc, 1e-3);
    }

    [Fact]
    public void On_quarters_of_m3_the_model_is_mostly_that_of_r_and_fits_no_worse()
    {
        var m3 = Quarters();
        var same = 0;
        foreach (var (id, model, aicc) in Chosen)
        {
            var best = AutoEts.Select(m3[id], 4).Best;
            if (best.Model.Name == model) same++;
            Assert.True(best.Aicc <= aicc + 1e-6, $"{id}: {best.Model.Name} {best.Aicc} is above {model} {aicc}");
        }

        Assert.Equal(20, same); // of 30; where it differs R stopped below the top of a likelihood
    }

    [Fact]
    public void All_models_that_were_tried_are_listed_best_first()
    {
        var selection = AutoEts.Select(ClassicSeries.AirPassengers, 12);
        Assert.Equal(selection.Candidates.Order(Comparer<EtsCandidate>.Create((a, b) => a.Aicc.CompareTo(b.Aicc))), selection.Candidates);
        Assert.Equal(EtsModel.Admissible.Order(ByName), selection.Candidates.Select(c => c.Model).Order(ByName));
        Assert.Equal(selection.Best.Model, selection.Candidates[0].Model);
        Assert.Equal(selection.Best.LogLikelihood, selection.Candidates[0].LogLikelihood);
    }

    [Fact]
    public void Components_explain_every_period_and_end_where_the_forecast_begins()
    {
        var series = ClassicSeries.AirPassengers;
        var fit = AutoEts.Select(series, 12).Best;
        var parts = fit.Components(series);
        Assert.Equal(fit.Last.Level, parts.Level[^1], 1e-9 * fit.Last.Level);
        Assert.Equal(fit.Last.Slope, parts.Slope[^1], 1e-9);
        Assert.Equal(fit.Last.Season, parts.Season[^12..], (a, b) => Math.Abs(a - b) < 1e-9);
        var squares = series.Zip(parts.Fitted, (y, f) => (y / f - 1) * (y / f - 1)).Sum();
        Assert.Equal(fit.Variance, squares / (series.Length - fit.Model.Parameters(12)), 1e-12);
    }

    [Fact]
    public void Zeros_rule_multiplicative_errors_out() =>
        Assert.All(AutoEts.Select([3, 0, 4, 2, 5, 0, 1, 3, 4, 2, 0, 6], 1).Candidates, c => Assert.Equal(EtsError.Additive, c.Model.Error));

    [Fact]
    public void A_cycle_that_is_too_long_for_the_series_or_for_the_models_is_ignored()
    {
        double[] series = [.. Enumerable.Range(0, 60).Select(t => 50.0 + t % 30)];
        Assert.All(AutoEts.Select(series, 30).Candidates, c => Assert.Equal(EtsSeason.None, c.Model.Season));
        Assert.All(AutoEts.Select(series.AsSpan(0, 14), 12).Candidates, c => Assert.Equal(EtsSeason.None, c.Model.Season));
    }

    [Fact]
    public void Fewer_than_five_periods_get_a_level()
    {
        Assert.Equal("ETS(A,N,N)", AutoEts.Select([4, 6, 5, 5], 12).Best.Model.Name);
        Assert.Equal(7, AutoEts.Select([7], 12).Best.Last.Level, 9);
    }

    [Fact]
    public void A_gap_is_filled_on_the_straight_line() =>
        Assert.Equal(AutoEts.Select([3, 5, 4, 6, 8, 7, 9, 8], 1).Best.Aicc, AutoEts.Select([3, 5, 4, Missing, 8, 7, 9, 8], 1).Best.Aicc);

    [Fact]
    public void A_perfect_line_goes_on_and_a_constant_stays()
    {
        var mean = new double[3];
        new AutoEts().Forecast([.. Enumerable.Range(1, 30).Select(t => 2.0 * t)], 1, mean);
        Assert.Equal([62, 64, 66], mean, (a, b) => Math.Abs(a - b) < 1e-6);
        new AutoEts().Forecast([.. Enumerable.Repeat(7.0, 30)], 12, mean);
        Assert.Equal([7, 7, 7], mean, (a, b) => Math.Abs(a - b) < 1e-9);
    }

    private static Comparer<EtsModel> ByName => Comparer<EtsModel>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name));

    private static Dictionary<string, double[]> Quarters()
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(SharedData.Find("m3_quarterly.csv.gz")), CompressionMode.Decompress));
        reader.ReadLine();
        var series = new Dictionary<string, double[]>();
        while (reader.ReadLine()?.Split(',') is { } cells) // id, start, frequency, domain, n_train, h, values: the training part only
        {
            var count = int.Parse(cells[4], CultureInfo.InvariantCulture);
            series[cells[0]] = [.. cells[6..(6 + count)].Select(v => double.Parse(v, CultureInfo.InvariantCulture))];
        }

        return series;
    }

    // Every 24th series from the first: ets(y) of R's forecast 8.20, model and AICc.
    private static (string Id, string Model, double Aicc)[] Chosen =>
    [
        ("N0646", "ETS(A,N,N)", 539.4886881783), ("N0670", "ETS(M,A,A)", 479.3315503076), ("N0694", "ETS(A,N,N)", 579.3737278943),
        ("N0718", "ETS(A,N,A)", 565.4304964002), ("N0742", "ETS(M,N,N)", 595.2507740399), ("N0766", "ETS(M,A,M)", 526.9203153516),
        ("N0790", "ETS(M,A,N)", 637.3980915726), ("N0814", "ETS(M,A,M)", 574.5243178346), ("N0838", "ETS(A,N,N)", 649.8305703239),
        ("N0862", "ETS(A,Ad,N)", 797.5788442160), ("N0886", "ETS(A,N,N)", 417.0932438587), ("N0910", "ETS(M,N,N)", 1044.6826834456),
        ("N0934", "ETS(M,A,N)", 499.0175626118), ("N0958", "ETS(A,N,N)", 573.8439627034), ("N0982", "ETS(M,N,N)", 644.5539274672),
        ("N1006", "ETS(M,N,N)", 587.2916330031), ("N1030", "ETS(M,N,N)", 594.0200481909), ("N1054", "ETS(M,A,N)", 659.9615354967),
        ("N1078", "ETS(M,A,M)", 538.3453296328), ("N1102", "ETS(A,N,A)", 608.3087161871), ("N1126", "ETS(A,N,N)", 664.3430795261),
        ("N1150", "ETS(A,A,N)", 194.7651271747), ("N1174", "ETS(M,N,A)", 202.4799347521), ("N1198", "ETS(A,Ad,N)", 689.4920461643),
        ("N1222", "ETS(M,A,N)", 542.3258290504), ("N1246", "ETS(A,A,N)", 545.8469373715), ("N1270", "ETS(M,A,N)", 305.2793619661),
        ("N1294", "ETS(M,N,N)", 451.3825930159), ("N1318", "ETS(A,N,N)", 685.8175961282), ("N1342", "ETS(A,N,N)", 724.1596271730),
    ];
}
