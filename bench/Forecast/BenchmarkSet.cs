namespace Shabou.Bench.Forecast;

/// <summary>A public file, how much of each row may be learned from, and what others got on the rest.</summary>
/// <param name="TrainingOf">Periods of a row that are its training part.</param>
/// <param name="Peers">Lines to print beside ours; R is forecast 8.20.</param>
internal sealed record BenchmarkSet(string Title, string File, int Horizon, Func<DemandRow, int> TrainingOf, string[] Peers)
{
    public static IReadOnlyList<BenchmarkSet> All { get; } =
    [
        new("carparts", "carparts_zero_filled.csv.gz", 12, row => row.Values.Length - 12,
        [
            "R SES 1.095 / .598 / 1.138 / +25 % / .850 (MASE / MAE / RMSE / bias / cumWAPE); Theta 1.159 / .600 / 1.162 / +8 % / .887",
            "R ETS 1.125 / .615 / 1.160 / +20 % / .924; auto.arima 1.046 / .595 / 1.154 / +17 % / .907; Croston 1.395 / .706 / 1.207 / +38 % / 1.253",
            "best of ours so far 1.055 / .562 / 1.084 / +13 % / .740; all-zero .7464 / .391 / 1.166 / -100 % / 1.000",
            "goal: RMSE <= 1.055, cumWAPE <= .70 (mean); MASE <= .742 (median)",
        ]),
        new("M3 quarterly", "m3_quarterly.csv.gz", 8, NamedTraining,
        [
            "R Theta / ETS / ARIMA: sMAPE 9.20 / 9.68 / 10.01, MASE 1.117 / 1.170 / 1.189, cover .872 / .872 / .823, MSIS 10.9 / 10.7 / 12.5",
            "mean(Theta, ETS): 8.92 / 1.061", "goal: sMAPE <= 8.85, MASE <= 1.05, cover .94 to .96",
        ]),
        new("M3 other", "m3_other.csv.gz", 8, NamedTraining,
        [
            "R Theta / ETS / ARIMA: sMAPE 4.92 / 4.37 / 4.51, MASE 2.271 / 1.814 / 1.841, cover .94, MSIS 16.0 / 13.4 / 15.3", "goal: cover .94 to .96",
        ]),
        new("M3 monthly, the last 18 months of the training part", "m3_monthly_history.csv.gz", 18, row => row.Values.Length - 18,
        [
            "on the test part, which is not here: R Naive2 / SES / Theta / Comb / ETS sMAPE 16.76 / 14.26 / 13.86 / 13.95 / 14.14, mean(Theta, ETS) 13.59",
            "goal: cover .94 to .96; on the test part sMAPE <= 13.4, MASE <= .825",
        ]),
        new("hospital", "hospital.csv.gz", 12, row => row.Values.Length - 12, []),
    ];

    private static int NamedTraining(DemandRow row) => int.Parse(row.Attributes["n_train"], System.Globalization.CultureInfo.InvariantCulture);
}
