using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Shabou.CatalogApi.Products;
using Shabou.Schema.Catalog;

namespace Shabou.CatalogApi.Prices;

/// <summary>A row of a price list in JSON; the body is an array of them.</summary>
/// <param name="PriceExclTax">Dinars before tax, at most three decimals.</param>
public sealed record PriceListItem(
    [property: Required, StringLength(Product.SkuMaxLength, MinimumLength = 1)] string Sku,
    [property: Range(typeof(decimal), "0", "999999999.999", ParseLimitsInInvariantCulture = true), Millimes] decimal PriceExclTax);

/// <summary>An upload that was read and stored.</summary>
/// <param name="Id">The list: <c>GET /api/v1/price-lists/{id}</c>.</param>
/// <param name="Job">The work that checks and applies it: <c>GET /api/v1/jobs/{job}</c>.</param>
public sealed record PriceListAccepted(Guid Id, Guid Job, int RowsRead);

/// <summary>A supplier's price list.</summary>
/// <param name="Supplier">A supplier's slug.</param>
/// <param name="OnError">reject-all, reject-rows or ignore.</param>
/// <param name="Number">Given when it was applied: of two lists with the same part the higher counts.</param>
/// <param name="Counts">Whether its prices count now.</param>
/// <param name="RowsRefused">Rows that were wrong; <c>GET /api/v1/price-lists/{id}/errors</c> says why.</param>
/// <param name="PreviousNumber">The supplier's list that counted before it.</param>
public sealed record PriceListView(
    Guid Id, string Supplier, PriceListState State, string OnError, bool DryRun, int? Number, bool Counts, int RowsRead, int RowsApplied, int RowsRefused,
    int? PreviousNumber, Guid? Job, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? AppliedAt, DateTimeOffset? RolledBackAt)
{
    /// <param name="list">With its supplier.</param>
    internal static PriceListView Of(PriceList list) => new(
        list.Id, list.Supplier!.Slug, list.State, OnErrorWord.Of(list.OnError), list.DryRun, list.Number, list.Number is { } number && number == list.Supplier.CurrentListNumber,
        list.RowsRead, list.RowsApplied, list.RowsRefused, list.PreviousNumber, list.JobId, list.CreatedAt, list.CreatedBy, list.AppliedAt, list.RolledBackAt);
}

/// <summary>What is wrong with a row.</summary>
/// <param name="Line">Line of the file, the header being 1; in JSON the element's place from 1.</param>
/// <param name="Column">Of the header, or the JSON member; <c>row</c> when it is not one of them.</param>
public sealed record PriceListErrorView(int Line, string Column, string Reason);

/// <summary>How far the job is.</summary>
public sealed record PriceListProgress(int RowsRead, int RowsChecked, int RowsApplied);

/// <summary>What the job did.</summary>
public sealed record PriceListOutcome(Guid List, string State, int? Number, int RowsRead, int RowsApplied, int RowsRefused)
{
    internal static PriceListOutcome Of(PriceList list) =>
        new(list.Id, JsonNamingPolicy.CamelCase.ConvertName(list.State.ToString()), list.Number, list.RowsRead, list.RowsApplied, list.RowsRefused);
}
