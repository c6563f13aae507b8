using System.Globalization;
using Shabou.Forecasting;

namespace Shabou.Bench.Forecast;

/// <summary>A line of a table: ours where a method is named, what others got in the same columns, or both.</summary>
/// <param name="Name">Of the line.</param>
/// <param name="Method">Ours of that name; null where there is none.</param>
/// <param name="Peer">What others got, a figure a column of the set, "-" where it is not known; empty for none.</param>
internal sealed record BenchmarkLine(string Name, IForecastMethod? Method, string Peer = "")
{
    /// <summary>Ours that learns from all parts together, in place of <see cref="Method"/>.</summary>
    public Func<PartHistory[], Func<PartHistory, int, PooledForecast>>? Pooled { get; init; }
}

/// <summary>A public file, how much of each row may be learned from, and what others got on the rest.</summary>
/// <param name="Chosen">How the settings were chosen: one line under the title.</param>
/// <param name="TrainingOf">Periods of a row that are its training part.</param>
/// <param name="Columns">The figures of the table, as <see cref="Score.Figure"/> knows them.</param>
/// <param name="Goals">A line for the forecast of the pipeline and one for its median, in the same columns; empty for none.</param>
internal sealed record BenchmarkSet(
    string Title, string File, int Horizon, Func<DemandRow, int> TrainingOf, string Chosen, string[] Columns, BenchmarkLine[] Lines, string GoalMean, string GoalMedian = "")
{
    private const string FromHistory = "weights, intervals and the pooled model are learned from the training part at every run; ";
    private static readonly IForecastMethod s_theta = new Theta(), s_ets = new AutoEts(), s_arima = new AutoArima(), s_ses = new ExponentialSmoothing();
    private static readonly IForecastMethod s_seasonalSes = Adjusted("ses", s_ses), s_damped = Adjusted("damped", EtsMethod.Damped);
    private static readonly string[] s_competition = ["sMAPE", "MASE", "cover95", "MSIS", "CPU s/1000"];

    public static IReadOnlyList<BenchmarkSet> All { get; } =
    [
        new("carparts, 12 months ahead", "carparts_zero_filled.csv.gz", 12, row => row.Values.Length - 12,
            FromHistory + "the candidates and their prior weights were chosen at month 27 of the 39",
            ["MASE", "MAE", "RMSE", "bias", "cumWAPE", "CPU s/1000", "cover95"],
            [
                new("zero", new Zero(), ".7464 .391 1.166 -100% 1.000 0"),
                new("naive", new Naive(), "1.137 .647 1.676 +23% 1.502 .01"),
                new("seasonal naive", new SeasonalNaive(), "1.127 .626 1.533 +13% .740 .6"),
                new("moving average 12", new MovingAverage(), "1.055 .562 1.084 +13% .740 .02"),
                new("SES", s_ses, "1.095 .598 1.138 +25% .850 1.34"),
                new("Theta", s_theta, "1.159 .600 1.162 +8% .887 3.0"),
                new("ETS", s_ets, "1.125 .615 1.160 +20% .924 134"),
                new("auto.arima", s_arima, "1.046 .595 1.154 +17% .907 319"),
                new("Croston .1", new Croston(), "1.395 .706 1.207 +38% 1.253 43"),
                new("SBA .1", Croston.SyntetosBoylan(), "1.361 .688 1.194 +31% 1.204 .04"),
                new("TSB .1/.1", new TeunterSyntetosBabai(), "1.067 .590 1.084 +23% .797 .15"),
                new("gamma-Poisson", null, "1.209 .581 1.061 +13% .723 .1 *") { Pooled = parts => GammaPoisson.Learn(parts, 1, CancellationToken.None).Forecast },
                new("global linear, NB head", null) { Pooled = parts => PooledDemandModel.Learn(parts, 1, CancellationToken.None).Forecast },
                new("Transformer (Monash)", null, ".746"),
            ],
            "- - <=1.055 - <=.70", "<=.742"),
        new("M3 quarterly, 8 ahead", "m3_quarterly.csv.gz", 8, NamedTraining,
            FromHistory + "the candidates were chosen on the last 8, 12 and 16 quarters of the training parts", s_competition,
            [
                new("naive", new Naive()), new("SES, seasonally adjusted", s_seasonalSes),
                new("Theta", s_theta, "9.20 1.117 .872 10.9 3.7"), new("ETS", s_ets, "9.68 1.170 .872 10.7 68"), new("ARIMA", s_arima, "10.01 1.189 .823 12.5 160"),
                new("mean(Theta, ETS)", new MeanOf(s_theta, s_ets), "8.92 1.061"),
            ],
            "<=8.85 <=1.05 .94-.96"),
        new("M3 other, 8 ahead", "m3_other.csv.gz", 8, NamedTraining,
            FromHistory + "the candidates were chosen on M3 quarterly's training parts and checked on these", s_competition,
            [
                new("naive", new Naive()), new("SES", s_ses),
                new("Theta", s_theta, "4.92 2.271 .94 16.0 2.4"), new("ETS", s_ets, "4.37 1.814 .94 13.4 9.8"), new("ARIMA", s_arima, "4.51 1.841 .94 15.3 39"),
                new("mean(Theta, ETS)", new MeanOf(s_theta, s_ets)),
            ],
            "- - .94-.96"),
        new("M3 monthly: the last 18 months of the training part, because the test part is not in the data", "m3_monthly_history.csv.gz", 18, row => row.Values.Length - 18,
            FromHistory + "the candidates were checked on every sixth of these series. Others' figures and the goal for sMAPE and MASE are of the test part: not the same months", s_competition,
            [
                new("Naive2", Adjusted("naive2", new Naive()), "16.76 1.038 - - 1.2"), new("SES, seasonally adjusted", s_seasonalSes, "14.26 .928 - - 3.1"),
                new("Theta", s_theta, "13.86 .864 .899 7.20 5.6"), new("Comb S-H-D", new MeanOf(s_seasonalSes, Adjusted("holt", EtsMethod.Holt), s_damped), "13.95 .873 - - 10"),
                new("ETS", s_ets, "14.14 .865 - - 436"), new("mean(Theta, ETS)", new MeanOf(s_theta, s_ets), "13.59 .842"),
            ],
            "<=13.4 <=.825 .94-.96"),
        new("hospital, 12 months ahead", "hospital.csv.gz", 12, row => row.Values.Length - 12,
            FromHistory + "nothing was chosen on this file", ["MASE", "MAE", "RMSE", "bias", "cumWAPE", "cover95", "MSIS", "CPU s/1000"],
            [
                new("zero", new Zero()), new("naive", new Naive()), new("seasonal naive", new SeasonalNaive()), new("moving average 12", new MovingAverage()),
                new("SES", s_ses), new("Theta", s_theta), new("ETS", s_ets), new("mean(Theta, ETS)", new MeanOf(s_theta, s_ets)),
            ],
            "- - - - - .94-.96"),
    ];

    private static SeasonallyAdjusted Adjusted(string name, IForecastMethod method) => new(name, method);

    private static int NamedTraining(DemandRow row) => int.Parse(row.Attributes["n_train"], CultureInfo.InvariantCulture);
}

/// <summary>The plain mean of some methods: what the competitions compare with.</summary>
internal sealed class MeanOf(params IForecastMethod[] methods) : IForecastMethod
{
    public string Name => string.Join('+', methods.Select(method => method.Name));

    public void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean)
    {
        mean.Clear();
        var one = new double[mean.Length];
        foreach (var method in methods)
        {
            method.Forecast(history, season, one);
            for (var step = 0; step < one.Length; step++) mean[step] += one[step] / methods.Length;
        }
    }
}
