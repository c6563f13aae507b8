using CsvHelper;
using Shabou.ForecastService.Demand;
using Shabou.Schema.Forecast;

namespace Shabou.ForecastService.Promotions;

/// <summary>Promotions of an upload, checked.</summary>
internal sealed class PromotionBatch
{
    public const int MostRows = 100_000;
    private const int LongestDays = 3_660;
    private const string DefaultKind = "promotion";
    private static readonly string[] s_columns = ["sku", "group", "from", "to", "kind", "name"];

    public List<(int Line, PromotionWrite Promotion)> Rows { get; } = [];

    public RowErrors Errors { get; } = new();

    /// <summary>Reads the header of CSV: sku or group or both, from, to; kind and name if wanted; in any order.</summary>
    /// <exception cref="DemandUnreadableException">A column is absent, double or unknown.</exception>
    public Action<CsvReader, int> Open(string[] header)
    {
        if (header.FirstOrDefault(column => !s_columns.Contains(column)) is { } unknown)
            throw new DemandUnreadableException($"The column {RowErrors.Quote(unknown)} is not known; columns are {string.Join(", ", s_columns)}.");
        if (header.Distinct().Count() != header.Length) throw new DemandUnreadableException("The header names a column twice.");
        if (!header.Contains("from") || !header.Contains("to") || !(header.Contains("sku") || header.Contains("group")))
            throw new DemandUnreadableException("The header lacks a column; it must have sku or group, from and to.");
        var places = s_columns.Select(column => Array.IndexOf(header, column)).ToArray();
        return (csv, line) =>
        {
            var fields = places.Select(place => place < 0 ? "" : csv.GetString(place)).ToArray();
            if (!DemandFields.TryReadPeriod(fields[2], out var from) || !DemandFields.TryReadPeriod(fields[3], out var to))
                Errors.Add(line, $"from and to are {RowErrors.Quote(fields[2])} and {RowErrors.Quote(fields[3])}; they must be dates such as 2026-01-31.");
            else
                Add(line, new PromotionWrite(from, to, fields[0], fields[1], fields[4], fields[5]));
        };
    }

    /// <summary>Adds a promotion, or notes why it cannot be.</summary>
    /// <exception cref="DemandTooLargeException">There are more than <see cref="MostRows"/>.</exception>
    public void Add(int line, PromotionWrite? write)
    {
        if (Rows.Count == MostRows) throw new DemandTooLargeException($"One upload may have {MostRows:N0} promotions at most; send the rest in another.");
        if (write is null)
        {
            Errors.Add(line, "The promotion is null.");
            return;
        }

        var (sku, group) = (Text(write.Sku), Text(write.Group));
        if (group is not null && !group.EndsWith('/')) group += "/";
        var promotion = write with { Sku = sku, Group = group, Kind = Text(write.Kind) ?? DefaultKind, Name = Text(write.Name) ?? "" };
        if (Fault(promotion) is { } fault) Errors.Add(line, fault);
        else Rows.Add((line, promotion));
    }

    private static string? Fault(PromotionWrite promotion) =>
        (promotion.Sku is null) == (promotion.Group is null) ? "A promotion is for a sku or for a group, one of them."
        : promotion.Sku is { } sku && !DemandFields.IsSku(sku) ? DemandFields.WrongSku(sku)
        : promotion.Group?.Length > Promotion.GroupMaxLength ? $"The group must have at most {Promotion.GroupMaxLength} characters."
        : promotion.Kind!.Length > Promotion.KindMaxLength || promotion.Kind.Any(char.IsControl) ? $"The kind must have at most {Promotion.KindMaxLength} printable characters."
        : promotion.Name!.Length > Promotion.NameMaxLength || promotion.Name.Any(char.IsControl) ? $"The name must have at most {Promotion.NameMaxLength} printable characters."
        : promotion.From > promotion.To ? $"It ends on {promotion.To:yyyy-MM-dd}, before it begins on {promotion.From:yyyy-MM-dd}."
        : promotion.From.Year < Periods.FirstYear || promotion.To.Year > Periods.LastYear ? $"It is outside the years {Periods.FirstYear} to {Periods.LastYear}."
        : promotion.To.DayNumber - promotion.From.DayNumber >= LongestDays ? $"It has more than {LongestDays} days."
        : null;

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
