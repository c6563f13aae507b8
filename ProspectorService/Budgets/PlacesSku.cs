namespace Shabou.ProspectorService.Budgets;

/// <summary>What Google bills, as the price table names it.</summary>
public static class PlacesSku
{
    /// <summary>A page of Text Search whose field mask names phone, site or rating.</summary>
    public const string TextSearchEnterprise = "text-search-enterprise";
}
