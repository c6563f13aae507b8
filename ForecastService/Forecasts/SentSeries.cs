using System.Globalization;
using Microsoft.Extensions.Options;
using Shabou.ForecastService.Demand;
using Shabou.ForecastService.Training;
using Shabou.ForecastService.Models;
using Shabou.Forecasting;
using Shabou.Schema.Forecast;

namespace Shabou.ForecastService.Forecasts;

/// <summary>A history that is sent to be forecast and is not stored.</summary>
/// <param name="Frequency">Length of a period: Y, Q, M, W, D or O.</param>
/// <param name="Values">Units per period, oldest first, 0 to 1e15; null where demand is not known, or the part was out of stock. 1 to 100,000,
/// of which the last 2,048 count.</param>
/// <param name="Sku">Any name; it comes back.</param>
/// <param name="Start">A day of the first period; without it the steps have no dates.</param>
/// <param name="Horizon">Periods to forecast, 1 to 1,000.</param>
/// <param name="Season">Periods of the cycle, 1 to 1,000; by default that of the frequency.</param>
/// <param name="LeadTime">Periods from order to arrival, 0 to 1,000.</param>
/// <param name="Review">Periods between orders, 1 to 1,000.</param>
/// <param name="Group">Where the part stands in the assortment: <c>brakes/pads/</c>.</param>
public sealed record SentSeries(
    string Frequency, IReadOnlyList<double?> Values, string? Sku = null, DateOnly? Start = null, int Horizon = 12, int? Season = null, int LeadTime = 1, int Review = 1, string? Group = null)
{
    public const int MostValues = 100_000;
    private const int MostUsed = 2_048;
    private const int LongestHorizon = 1_000;
    private const int LongestTime = 1_000;
    private const int LongestGroup = 400;
    private const double LargestValue = 1e15;

    /// <summary>What is wrong, by member; empty when it can be forecast.</summary>
    internal Dictionary<string, string[]> Faults()
    {
        var faults = new Dictionary<string, string[]>();
        var known = Frequency is [var letter] && Periods.IsKnown(letter);
        Check("frequency", known, $"must be {Periods.Known}.");
        Check("horizon", Horizon is >= 1 and <= LongestHorizon, Between(1, LongestHorizon));
        Check("season", Season is null or >= 1 and <= LongestTime, Between(1, LongestTime));
        Check("leadTime", LeadTime is >= 0 and <= LongestTime, Between(0, LongestTime));
        Check("review", Review is >= 1 and <= LongestTime, Between(1, LongestTime));
        Check("sku", Sku is null || (Sku.Length is >= 1 and <= DemandSeries.SkuMaxLength && !Sku.Any(char.IsControl)), $"must have 1 to {DemandSeries.SkuMaxLength} printable characters.");
        Check("group", Group is null or { Length: <= LongestGroup }, $"must have at most {LongestGroup} characters.");
        Check("values", FaultOfValues() is not { } fault, FaultOfValues() ?? "");
        Check("start", !known || Values is null || Start is not { } start || Fits(Frequency[0], start), $"must be of {Periods.FirstYear} to {Periods.LastYear}, and the history and the forecast must end before year 9999.");
        return faults;

        void Check(string member, bool isRight, string remedy)
        {
            if (!isRight) faults[member] = [remedy];
        }
    }

    /// <summary>As the model takes it.</summary>
    internal PartHistory ToPart() => new(Sku ?? "", Season ?? Periods.Season(Frequency[0]), [.. Values.Skip(Values.Count - MostUsed).Select(value => value ?? double.NaN)])
    {
        ProtectionPeriods = LeadTime + Review,
        Group = Group ?? "",
    };

    /// <summary>First day of the period after the history, if it is known.</summary>
    internal int? Next => Start is { } start ? Periods.IndexOf(Frequency[0], start) + Values.Count : null;

    private string? FaultOfValues()
    {
        if (Values is not { Count: >= 1 and <= MostValues }) return string.Create(CultureInfo.InvariantCulture, $"must be 1 to {MostValues:N0} numbers.");
        var observed = false;
        for (var i = 0; i < Values.Count; i++)
        {
            if (Values[i] is not { } value) continue;
            if (!(value is >= 0 and <= LargestValue)) return string.Create(CultureInfo.InvariantCulture, $"[{i}] must be 0 to {LargestValue:E0}, or null where demand is not known.");
            observed = true;
        }

        return observed ? null : "must have a number; all are null.";
    }

    // Far from the end of the calendar: a year has at most 366 periods.
    private bool Fits(char frequency, DateOnly start) =>
        start.Year is >= Periods.FirstYear and <= Periods.LastYear
        && (long)Periods.IndexOf(frequency, start) + Values.Count + LongestHorizon < Periods.IndexOf(frequency, new DateOnly(9998, 1, 1));

    private static string Between(int least, int most) => string.Create(CultureInfo.InvariantCulture, $"must be {least} to {most:N0}.");
}

/// <summary>What is expected of a series that was sent.</summary>
/// <param name="Model">The methods behind it.</param>
/// <param name="ModelVersion">The training run whose model made it; null when the model was learned from this series alone.</param>
/// <param name="Steps">In order of time, from the period after the last value.</param>
public sealed record SentSeriesForecast(
    string? Sku, string Frequency, string Class, string Model, string? ModelVersion, string Reason, string? Fallback, string AbcXyz, double? DemandInterval, double? SizeVariation,
    IReadOnlyList<CandidateView> Candidates, ProtectionView Protection, IReadOnlyList<ForecastStep> Steps)
{
    internal static SentSeriesForecast Of(SentSeries sent, PartForecast forecast, ModelHead? model)
    {
        // The row's own dates are not shown when the series has none.
        var frequency = sent.Frequency[0];
        var next = Periods.StartOf(frequency, sent.Next ?? Periods.DefaultStart(frequency));
        var view = ForecastRow.Of(forecast, frequency, next, model ?? Alone).View(sent.Horizon);
        return new(sent.Sku, sent.Frequency, view.Class, view.Model, model?.Version, view.Reason ?? "", view.Fallback, view.AbcXyz ?? "", view.DemandInterval, view.SizeVariation,
            view.Candidates, view.Protection!, sent.Next is null ? [.. view.Steps.Select(step => step with { Period = null })] : view.Steps);
    }

    private static readonly ModelHead Alone = new(Guid.Empty, "", "", "", default);
}
