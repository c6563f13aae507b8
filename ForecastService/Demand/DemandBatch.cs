namespace Shabou.ForecastService.Demand;

/// <summary>One value of an import.</summary>
/// <param name="Series">Place in <see cref="DemandBatch.Series"/>.</param>
/// <param name="Period">Number of the period, see <see cref="Periods"/>.</param>
/// <param name="InStock">Null: the import does not say; what is stored stays, and a new value counts as in stock.</param>
internal readonly record struct DemandValue(int Series, int Period, double Quantity, bool? InStock);

/// <summary>A series that an import names.</summary>
/// <param name="Line">Where it was named first.</param>
internal readonly record struct BatchSeries(string Sku, char Frequency, int Line);

/// <summary>An import read into memory and checked, so that the database is only held for as long as it writes and a lost connection
/// can be tried again.</summary>
internal sealed class DemandBatch(int maxObservations)
{
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly HashSet<(int Series, int Period)> _seen = [];

    public List<BatchSeries> Series { get; } = [];

    public List<DemandValue> Values { get; } = [];

    public RowErrors Errors { get; } = new();

    /// <summary>Finds or adds the series; <see langword="false"/> when the SKU or frequency is not allowed, which is then noted.</summary>
    public bool TryAddSeries(int line, string sku, string frequency, out int place)
    {
        place = -1;
        if (!DemandFields.IsSku(sku))
            Errors.Add(line, DemandFields.WrongSku(sku));
        else if (frequency.Length != 1 || !Periods.IsKnown(frequency[0]))
            Errors.Add(line, $"The frequency {RowErrors.Quote(frequency)} must be {Periods.Known}.");
        else if (!_places.TryGetValue(sku, out place))
        {
            _places.Add(sku, place = Series.Count);
            Series.Add(new BatchSeries(sku, frequency[0], line));
        }
        else if (Series[place].Frequency != frequency[0])
        {
            Errors.Add(line, $"The SKU {RowErrors.Quote(sku)} has frequency {Series[place].Frequency} in line {Series[place].Line} and {frequency[0]} here.");
            place = -1;
        }

        return place >= 0;
    }

    /// <summary>Adds a value, or notes why it cannot be.</summary>
    /// <exception cref="DemandTooLargeException">There are more than the limit.</exception>
    public void Add(int line, in DemandValue value)
    {
        var (sku, frequency, _) = Series[value.Series];
        if (!Periods.IsInRange(frequency, value.Period))
            Errors.Add(line, $"The period is outside the years {Periods.FirstYear} to {Periods.LastYear}.");
        else if (!(value.Quantity >= 0) || double.IsInfinity(value.Quantity))
            Errors.Add(line, "The quantity must be a number of 0 or more.");
        else if (!_seen.Add((value.Series, value.Period)))
            Errors.Add(line, $"The SKU {RowErrors.Quote(sku)} has the period {Periods.StartOf(frequency, value.Period):yyyy-MM-dd} twice.");
        else if (Values.Count == maxObservations)
            throw new DemandTooLargeException($"One import may have {maxObservations:N0} values at most; send the rest in another.");
        else
            Values.Add(value);
    }
}
