using Shabou.Schema.Catalog;

namespace Shabou.CatalogApi;

/// <summary>The words of the parameter <c>onError</c>.</summary>
internal static class OnErrorWord
{
    public const string All = "reject-all, reject-rows or ignore";

    public static RowErrors? Read(string? word) => word switch
    {
        null or "" or "reject-all" => RowErrors.RejectAll,
        "reject-rows" => RowErrors.RejectRows,
        "ignore" => RowErrors.Ignore,
        _ => null,
    };

    public static string Of(RowErrors errors) => errors switch { RowErrors.RejectRows => "reject-rows", RowErrors.Ignore => "ignore", _ => "reject-all" };
}
