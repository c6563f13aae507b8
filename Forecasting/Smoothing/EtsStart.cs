namespace Shabou.Forecasting;

/// <summary>First level, slope and season from which the search starts: the heuristic of R's forecast::ets.</summary>
/// <remarks>Hyndman, Koehler, Ord &amp; Snyder 2008, ch. 2.6.1. The season is that of the classical decomposition, or below three full cycles one
/// sine wave with a line fitted by least squares; level and slope are those of a line through the first max(10, 2 season) deseasonalised
/// values (their mean where there is no trend). Only where the search starts depends on it.</remarks>
internal static class EtsStart
{
    private const double SmallestFactor = 0.01;

    /// <summary>Writes the season's indices, position t mod season, adding up to 0 (additive) or to the season's length (factors, at least 0.01 before that).</summary>
    public static void Season(ReadOnlySpan<double> series, int season, bool factors, Span<double> indices)
    {
        Span<double> line = stackalloc double[4];
        var wave = series.Length < 3 * season;
        if (wave) Wave(series, season, line);
        Span<double> counts = stackalloc double[EtsModel.LongestSeason];
        indices.Clear();
        counts.Clear();
        var half = season / 2;
        for (var t = wave ? 0 : half; t < series.Length - (wave ? 0 : half); t++)
        {
            var trend = wave ? line[0] + line[1] * (t + 1) : CentredAverage(series, t, season);
            if (factors && trend == 0) continue;
            indices[t % season] += factors ? series[t] / trend : series[t] - trend;
            counts[t % season]++;
        }

        for (var i = 0; i < season; i++) indices[i] = counts[i] == 0 ? factors ? 1 : 0 : indices[i] / counts[i];
        Normalise(indices[..season], factors);
    }

    /// <summary>Level and slope before the first period.</summary>
    public static (double Level, double Slope) Level(ReadOnlySpan<double> series, int season, ReadOnlySpan<double> indices, EtsModel model, int least = 10)
    {
        var n = Math.Min(Math.Max(Math.Max(10, least), model.Season == EtsSeason.None ? 2 : 2 * season), series.Length);
        double sum = 0, moment = 0;
        for (var t = 0; t < n; t++)
        {
            var value = model.Season switch
            {
                EtsSeason.None => series[t],
                EtsSeason.Additive => series[t] - indices[t % season],
                _ => series[t] / Math.Max(indices[t % season], SmallestFactor),
            };
            sum += value;
            moment += value * (t + 1 - (n + 1) / 2.0);
        }

        if (model.Trend == EtsTrend.None || n < 2) return (sum / n, 0);
        var slope = moment * 12 / ((double)n * ((double)n * n - 1));
        return (sum / n - slope * (n + 1) / 2.0, slope);
    }

    private static void Normalise(Span<double> indices, bool factors)
    {
        var sum = 0.0;
        for (var i = 0; i < indices.Length; i++)
        {
            if (factors) indices[i] = Math.Max(indices[i], SmallestFactor);
            sum += indices[i];
        }

        for (var i = 0; i < indices.Length; i++)
        {
            if (factors) indices[i] *= indices.Length / sum;
            else indices[i] -= sum / indices.Length;
        }
    }

    private static double CentredAverage(ReadOnlySpan<double> series, int t, int season)
    {
        var half = season / 2;
        var sum = 0.0;
        for (var i = t - half; i <= t + half; i++) sum += series[i];
        if (season % 2 == 0) sum -= (series[t - half] + series[t + half]) / 2;
        return sum / season;
    }

    // Least squares of 1, t, cos and sin; only the line is wanted.
    private static void Wave(ReadOnlySpan<double> series, int season, Span<double> line)
    {
        var columns = season == 2 ? 3 : 4; // the sine of a cycle of two is zero everywhere
        Span<double> normal = stackalloc double[4 * 5];
        Span<double> row = stackalloc double[5];
        normal.Clear();
        for (var t = 0; t < series.Length; t++)
        {
            var (sine, cosine) = Math.SinCos(2 * Math.PI * (t + 1) / season);
            (row[0], row[1], row[2], row[3]) = (1, t + 1, cosine, sine);
            row[columns] = series[t];
            for (var i = 0; i < columns; i++)
                for (var j = i; j <= columns; j++) normal[i * 5 + j] += row[i] * row[j];
        }

        for (var i = 0; i < columns; i++)
            for (var j = i + 1; j < columns; j++) // symmetric elimination on the upper half
            {
                var factor = normal[i * 5 + i] == 0 ? 0 : normal[i * 5 + j] / normal[i * 5 + i];
                for (var k = j; k <= columns; k++) normal[j * 5 + k] -= factor * normal[i * 5 + k];
            }
        for (var i = columns - 1; i >= 0; i--)
        {
            var value = normal[i * 5 + columns];
            for (var j = i + 1; j < columns; j++) value -= normal[i * 5 + j] * line[j];
            line[i] = normal[i * 5 + i] == 0 ? 0 : value / normal[i * 5 + i];
        }
    }
}
