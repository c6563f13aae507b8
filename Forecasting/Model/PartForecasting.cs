using System.Globalization;

namespace Shabou.Forecasting;

/// <summary>Forecasts one part with a model.</summary>
internal static class PartForecasting
{
    private const int LongestMethod = 40;
    private const int LongestReason = 500;

    public static PartForecast Forecast(ForecastModel model, PartHistory part, bool scored)
    {
        var influences = PartEvidence.Influences(part);
        var history = PartEvidence.Baseline(part, influences);
        var profile = DemandProfile.Of(history);
        var fallback = FallbackOf(part, PartEvidence.Observed(history));
        var forecast = fallback is Fallback.None
            ? FromHistory(model, part, history, profile, influences, scored)
            : FromGroup(model, part, history, profile, fallback);
        return forecast with { Abc = model.Limits.Abc(AbcXyz.ValueOf(part)), Xyz = AbcXyz.Xyz(history) };
    }

    public static Fallback FallbackOf(PartHistory part, int observed) =>
        part.Discontinued ? Fallback.Discontinued
        : observed == 0 ? Fallback.NoHistory
        : observed < PartEvidence.FewestObserved ? Fallback.ShortHistory : Fallback.None;

    private static PartForecast FromHistory(ForecastModel model, PartHistory part, double[] history, DemandProfile profile, RegressorEffects? influences, bool scored)
    {
        var season = Math.Max(1, part.Season);
        var segment = model.SegmentOf(season, profile.Class);
        var route = DemandRoutes.Of(profile.Class);
        var candidates = Candidates.For(route);
        var horizon = model.Settings.Horizon;
        var forecasts = new double[candidates.Methods.Length * horizon];
        var failed = new bool[candidates.Methods.Length];
        var pooled = route == DemandRoute.Seldom ? model.Pooled?.Forecast(part with { Demand = history }, horizon) : null;
        candidates.Forecast(history, season, horizon, pooled, forecasts, failed);
        var mean = new double[horizon];
        segment.Combine(forecasts, failed, mean);
        var share = ValuedMember.IsFor(model, part, route, history.Length) && ValuedMember.TryAdd(history, season, mean) ? ValuedMember.Share : 0;

        var spread = ErrorSpread.Of(route, history, season, pooled);
        var quantiles = new double[horizon * QuantileForecast.Levels.Length];
        segment.Calibration.Write(mean, spread, quantiles);
        var settings = scored ? model.Settings : model.Settings with { Origins = 0 };
        var evidence = PartEvidence.Of(part, history, model.Pooled, settings, costly: false);
        var sums = PartScoring.Score(segment, evidence, ranges: false);
        var scores = PartScoring.Figures(sums, segment, evidence);
        var protection = Protection(part, segment.Calibration, mean, spread);
        if (influences is { } effects) protection = Influence(part, effects, mean, quantiles, protection);
        var choice = Explain(segment, candidates, failed, share, sums, profile, scores);
        return new(part.Id, profile, mean, quantiles, protection, choice) { Scores = scores };
    }

    private static ProtectionDemand Protection(PartHistory part, Calibration calibration, double[] mean, in ErrorSpread spread)
    {
        var periods = Math.Max(1, part.ProtectionPeriods);
        var sum = 0.0;
        for (var step = 0; step < periods; step++) sum += mean[Math.Min(step, mean.Length - 1)];
        var quantiles = new double[ProtectionDemand.Levels.Length];
        calibration.WriteSum(sum, spread, periods, quantiles);
        var deviation = calibration.Route == DemandRoute.Regular ? spread.Scale * Math.Sqrt(periods) : Math.Sqrt(spread.VarianceOf(sum));
        return new(periods, sum, deviation, quantiles);
    }

    // A sum is stretched, or moved, as its mean is.
    private static ProtectionDemand Influence(PartHistory part, RegressorEffects effects, double[] mean, double[] quantiles, ProtectionDemand protection)
    {
        var start = part.Demand.Length;
        var sum = new double[protection.Periods];
        for (var step = 0; step < sum.Length; step++) sum[step] = mean[Math.Min(step, mean.Length - 1)];
        PutBack(sum);
        PutBack(mean);
        for (var level = 0; level < QuantileForecast.Levels.Length; level++) PutBack(quantiles.AsSpan(level * mean.Length, mean.Length));
        var after = 0.0;
        foreach (var value in sum) after += value;
        var share = effects.Multiplicative && protection.Mean > 0 ? after / protection.Mean : 1;
        var shift = effects.Multiplicative ? 0 : after - protection.Mean;
        return new(protection.Periods, after, protection.StandardDeviation * share,
            [.. protection.Quantiles.Select(quantile => Math.Max(0, quantile * share + shift))]);

        void PutBack(Span<double> values)
        {
            effects.PutBack(values, part.Regressors, start);
            foreach (ref var value in values) value = Math.Max(0, value);
        }
    }

    private static ForecastChoice Explain(Segment segment, Candidates candidates, bool[] failed, double valued, ScoreSums sums, DemandProfile profile, PartScores scores)
    {
        var members = Enumerable.Range(0, candidates.Methods.Length)
            .Select(m => new CandidateScore(candidates.Methods[m].Name, (1 - valued) * segment.Weights[m], sums.Pinball(m), sums.Wape(m), sums.Bias(m)))
            .Concat(valued > 0 ? [new CandidateScore(ValuedMember.Name, valued, double.NaN, double.NaN, double.NaN)] : [])
            .OrderByDescending(c => c.Weight).ThenBy(c => double.IsNaN(c.Pinball) ? double.MaxValue : c.Pinball).ThenBy(c => c.Method, StringComparer.Ordinal).ToArray();
        var weighted = members.Where(c => c.Weight > 0).ToArray();
        var method = string.Join('+', weighted.Select(c => c.Method));
        var share = string.Join(", ", weighted.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Method} {c.Weight * 100:F0} %")));
        var taught = segment.Parts > 0
            ? string.Create(CultureInfo.InvariantCulture, $"weights learned from {segment.Parts} parts")
            : "equal weights";
        if (valued > 0) taught += ", but for " + ValuedMember.Name + ", which a part of this value is worth";
        var error = double.IsFinite(scores.Wape)
            ? string.Create(CultureInfo.InvariantCulture, $" On past origins it was wrong by {scores.Wape * 100:F0} % of demand, with a bias of {scores.Bias * 100:+0;-0;0} %.")
            : "";
        var reason = string.Create(CultureInfo.InvariantCulture,
            $"Demand is {profile.Class.ToString().ToLowerInvariant()} (a demand every {profile.Interval:F1} periods, squared variation {profile.SizeVariation:F2}): {share}; {taught}.{error}");
        return new(method.Length <= LongestMethod ? method : Shortened(weighted), reason.Length <= LongestReason ? reason : reason[..LongestReason], members)
        {
            Fallback = Array.TrueForAll(failed, one => one) ? Fallback.MethodsFailed : Fallback.None,
        };
    }

    // As many of the heaviest as fit.
    private static string Shortened(CandidateScore[] weighted)
    {
        var name = weighted[0].Method;
        foreach (var next in weighted[1..])
        {
            if (name.Length + next.Method.Length + 3 > LongestMethod) break;
            name += "+" + next.Method;
        }

        return name + "+..";
    }

    private static PartForecast FromGroup(ForecastModel model, PartHistory part, double[] history, DemandProfile profile, Fallback fallback)
    {
        var group = model.Groups.Find(Math.Max(1, part.Season), part.Group);
        var (rate, within, level) = fallback is Fallback.Discontinued ? default
            : (group ?? new GroupDemand(part.Season, part.Group, 0, 0, double.PositiveInfinity, 0)).Of(history);
        if (!double.IsFinite(level)) (rate, within, level) = (MeanOf(history), MeanOf(history), 0); // no group: the mean, as Poisson counts
        var mean = new double[model.Settings.Horizon];
        Array.Fill(mean, rate);
        var quantiles = new double[mean.Length * QuantileForecast.Levels.Length];
        Calibration.Uncorrected(DemandRoute.Seldom).Write(mean, new(0, rate > 0 ? (within + level) / rate : 1, 0), quantiles);
        var periods = Math.Max(1, part.ProtectionPeriods);
        var variance = within * periods + level * periods * periods;
        var protection = new double[ProtectionDemand.Levels.Length];
        NegativeBinomial.Quantiles(rate * periods, variance, ProtectionDemand.Levels, protection);
        var from = group is { } known ? string.Create(CultureInfo.InvariantCulture, $"the level of {known.Parts} parts of {(known.Path.Length > 0 ? known.Path : "the assortment")}") : "no other part";
        var (method, reason) = fallback switch
        {
            Fallback.Discontinued => ("zero", "The part is discontinued: no demand is expected."),
            Fallback.NoHistory => ("group", $"No demand was ever observed: the forecast is taken from {from}."),
            _ => ("mean+group", $"Fewer than {PartEvidence.FewestObserved} observed periods ({PartEvidence.Observed(history)}): their mean, drawn towards {from}."),
        };
        return new(part.Id, profile, mean, quantiles, new(periods, rate * periods, Math.Sqrt(variance), protection),
            new(method, reason.Length <= LongestReason ? reason : reason[..LongestReason], [new(method, 1, double.NaN, double.NaN, double.NaN)]) { Fallback = fallback });
    }

    private static double MeanOf(double[] history)
    {
        var observed = history.Where(value => !double.IsNaN(value)).ToArray();
        return observed.Length > 0 ? observed.Average() : 0;
    }
}
