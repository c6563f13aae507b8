namespace Shabou.Forecasting;

/// <summary>A row to compare with, cut off at zero because demand is never negative: the plain mean of <see cref="Theta"/>,
/// <see cref="ExponentialSmoothing"/> and, where demand comes seldom (ADI of 1.32 or more), <see cref="TeunterSyntetosBabai"/> (0.1/0.1).</summary>
/// <remarks>Equal weights, because no selector beats them reliably (Bates &amp; Granger 1969; Makridakis &amp; Hibon 2000). TSB and not
/// Croston is the member for intermittent demand: Croston never decays and is the least accurate of them on spare parts. Where
/// demand comes in most periods TSB is only a sluggish level (constant 0.1), so it stays out.</remarks>
public sealed class Combination : IForecastMethod
{
    private static readonly IForecastMethod[] Often = [new Theta(), new ExponentialSmoothing()];
    private static readonly IForecastMethod[] Seldom = [.. Often, new TeunterSyntetosBabai()];

    /// <summary>Also what the model's own table calls its weighted mean, the published forecast.</summary>
    internal const string PublishedName = "combination";

    public string Name => PublishedName;

    /// <summary>The members' names, for example <c>theta+ses+tsb</c>.</summary>
    public static string MembersFor(DemandClass demandClass) => string.Join('+', Members(demandClass).Select(member => member.Name));

    public void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean)
    {
        Span<double> member = mean.Length <= 512 ? stackalloc double[mean.Length] : new double[mean.Length];
        mean.Clear();
        var members = Members(DemandProfile.Of(history).Class);
        foreach (var method in members)
        {
            method.Forecast(history, season, member);
            for (var step = 0; step < mean.Length; step++) mean[step] += member[step];
        }

        for (var step = 0; step < mean.Length; step++) mean[step] = Math.Max(0, mean[step] / members.Length);
    }

    private static IForecastMethod[] Members(DemandClass demandClass) =>
        demandClass is DemandClass.Intermittent or DemandClass.Lumpy ? Seldom : Often;
}
