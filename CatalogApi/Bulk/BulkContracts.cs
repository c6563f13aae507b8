using Shabou.CatalogApi.Products;

namespace Shabou.CatalogApi.Bulk;

/// <summary>What a bulk upsert did. Created, updated, unchanged and refused add up to the rows sent.</summary>
/// <param name="Unchanged">Rows that say what is stored already; these parts were not written.</param>
/// <param name="Refused">Rows that are wrong and were left out.</param>
/// <param name="Errors">Why, of the first 1,000; empty with <c>onError=ignore</c>.</param>
public sealed record BulkResult(int Created, int Updated, int Unchanged, int Refused, IReadOnlyList<BulkError> Errors);

/// <summary>Why a row was refused.</summary>
/// <param name="Index">Its place in the array, from 0.</param>
/// <param name="ExternalId">Null when it has none.</param>
/// <param name="Field">The wrong member; empty when the whole row is meant.</param>
/// <param name="Reason">What is wrong with it and what it must be.</param>
public sealed record BulkError(int Index, string? ExternalId, string Field, string Reason);

/// <summary>A row that can be stored as far as it alone can tell.</summary>
internal sealed record BulkRow(int Index, ProductWrite Write);

/// <summary>What is wrong, in the order it was found: all are counted, the first 1,000 are told.</summary>
internal sealed class BulkErrors
{
    private const int Told = 1_000;
    private readonly HashSet<int> _rows = [];
    private readonly List<BulkError> _first = [];

    /// <summary>Wrong rows; one may have several errors.</summary>
    public int Rows => _rows.Count;

    public IReadOnlyList<BulkError> First => [.. _first.OrderBy(e => e.Index)];

    public void Add(int index, string? externalId, string field, string reason)
    {
        _rows.Add(index);
        if (_first.Count < Told) _first.Add(new(index, externalId, field, reason));
    }

    public bool Has(int index) => _rows.Contains(index);

    /// <summary>For an attempt that may have to be made again.</summary>
    public BulkErrors Copy()
    {
        var copy = new BulkErrors();
        copy._rows.UnionWith(_rows);
        copy._first.AddRange(_first);
        return copy;
    }
}
