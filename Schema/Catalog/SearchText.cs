using System.Globalization;
using System.Text;

namespace Shabou.Schema.Catalog;

/// <summary>Folds French and Arabic to one form, so that accents, case, tatweel and the writings of alef and ya do not matter.</summary>
public static class SearchText
{
    /// <summary>Lower case, no diacritics (Latin accents, Arabic vowel signs), no tatweel, one form of alef, ya and ta marbuta, single spaces.</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormD))
        {
            if (c == 'ـ' || char.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark) continue;
            if (char.IsWhiteSpace(c))
            {
                if (folded.Length > 0 && folded[^1] != ' ') folded.Append(' ');
                continue;
            }
            folded.Append(c switch
            {
                'أ' or 'إ' or 'آ' or 'ٱ' => 'ا',
                'ى' => 'ي',
                'ة' => 'ه',
                _ => char.ToLowerInvariant(c),
            });
        }
        return folded.ToString().TrimEnd().Normalize(NormalizationForm.FormC);
    }
}
