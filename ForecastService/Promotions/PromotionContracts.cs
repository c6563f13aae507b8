using System.ComponentModel.DataAnnotations;

namespace Shabou.ForecastService.Promotions;

/// <summary>Promotions as JSON.</summary>
/// <param name="Promotions">Each for one part or one group.</param>
public sealed record PromotionDocument([property: Required] IReadOnlyList<PromotionWrite> Promotions);

/// <summary>A time in which a part, or a group of parts, is sold with extra effort.</summary>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="Sku">For one part.</param>
/// <param name="Group">Path of a category, such as freinage/plaquettes/: for all parts below it.</param>
/// <param name="Kind">Promotions of one kind are taken to have one effect on a part; promotion by default.</param>
/// <param name="Name">For people.</param>
public sealed record PromotionWrite(DateOnly From, DateOnly To, string? Sku = null, string? Group = null, string? Kind = null, string? Name = null);

/// <summary>A promotion as it is stored.</summary>
public sealed record PromotionView(Guid Id, string? Sku, string? Group, DateOnly From, DateOnly To, string Kind, string Name, string CreatedBy, DateTimeOffset CreatedAt);

/// <summary>What an upload did.</summary>
/// <param name="Rows">Promotions it named.</param>
/// <param name="Inserted">Of those, new ones. The rest was there already.</param>
public sealed record PromotionsImported(int Rows, int Inserted);
