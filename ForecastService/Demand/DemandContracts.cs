using System.ComponentModel.DataAnnotations;

namespace Shabou.ForecastService.Demand;

/// <summary>Demand as JSON.</summary>
/// <param name="Observations">One per SKU and period.</param>
/// <param name="Frequency">Y, Q, M, W, D or O; M by default.</param>
public sealed record DemandDocument([property: Required] IReadOnlyList<DemandDocumentRow> Observations, string Frequency = "M");

/// <param name="Sku">1 to 64 characters.</param>
/// <param name="Period">A day of the period.</param>
/// <param name="Quantity">Units, 0 or more; null is missing and stores nothing.</param>
/// <param name="InStock">False when the part was out of stock, so that the quantity says nothing about demand. Left out: as stored, and a new value
/// counts as in stock.</param>
public sealed record DemandDocumentRow([property: Required] string Sku, DateOnly Period, double? Quantity, bool? InStock = null);

/// <summary>What an import did.</summary>
/// <param name="Series">Series it named.</param>
/// <param name="Observations">Values it brought.</param>
/// <param name="Inserted">Of those, new ones.</param>
/// <param name="Updated">Of those, ones that were stored with another value. The rest was the same already.</param>
public sealed record DemandImported(int Series, int Observations, long Inserted, long Updated);

/// <summary>The history of one part.</summary>
/// <param name="Frequency">Length of a period: Y, Q, M, W, D, or O for none of the calendar's.</param>
/// <param name="Observations">In order of time; a period that is not there is missing.</param>
public sealed record DemandHistory(string Sku, char Frequency, DateTimeOffset UpdatedAt, IReadOnlyList<DemandHistoryRow> Observations);

/// <param name="Period">First day of the period.</param>
public sealed record DemandHistoryRow(DateOnly Period, double Quantity, bool InStock);
