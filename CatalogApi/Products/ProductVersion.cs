using Microsoft.EntityFrameworkCore;
using Shabou.Schema;

namespace Shabou.CatalogApi.Products;

/// <summary>What a part's ETag stands for, as the writes of what belongs to a part need it.</summary>
/// <param name="Row">The row's xmin.</param>
/// <param name="PriceList">Number of the list its price comes from.</param>
internal sealed record ProductVersion(uint Row, int? PriceList)
{
    /// <summary><see cref="PriceList"/> of <c>catalog.products p</c>.</summary>
    public const string PriceListColumn =
        """
        (SELECT max(pr.price_list_number) FROM catalog.prices pr JOIN catalog.suppliers s ON s.current_list_number = pr.price_list_number
            WHERE pr.product_id = p.id AND pr.price_list_number > p.price_set_after)
        """;

    public ulong ETag => ProductReader.VersionOf(Row, PriceList);

    /// <returns>Null when there is no such part, or it is deleted.</returns>
    public static Task<ProductVersion?> FindAsync(Guid id, ShabouContext context, CancellationToken cancellationToken) => context.QueryAsync<ProductVersion?>(
        $"SELECT p.xmin, {PriceListColumn} FROM catalog.products p WHERE p.id = @id AND p.deleted_at IS NULL", [new("id", id)],
        async (rows, cancellation) => await rows.ReadAsync(cancellation) ? new(rows.GetFieldValue<uint>(0), rows.IsDBNull(1) ? null : rows.GetInt32(1)) : null, cancellationToken);
}
