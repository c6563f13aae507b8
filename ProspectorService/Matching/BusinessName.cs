using Shabou.Schema.Catalog;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Matching;

/// <summary>Names of businesses as doubles are told by: without case, accents, punctuation and legal forms.</summary>
internal static class BusinessName
{
    private static readonly HashSet<string> LegalForms = ["ste", "societe", "sarl", "suarl", "sa", "ets", "etablissement", "etablissements", "شركة", "شركه", "مؤسسة", "مؤسسه"];

    public static string Normalise(string name)
    {
        var words = SearchText.Words(name).ToList();
        var telling = words.Where(word => !LegalForms.Contains(word)).ToList();
        var normalised = string.Join(' ', telling.Count > 0 ? telling : words);
        return normalised.Length <= GoogleContent.TextMaxLength ? normalised : normalised[..GoogleContent.TextMaxLength];
    }
}
