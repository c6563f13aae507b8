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
        foreach (var c in Whole(text).Normalize(NormalizationForm.FormD))
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

    // Halves of surrogate pairs and U+FFFE have no normal form.
    private static string Whole(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\ud800', '\ufffe')) return text;
        var whole = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            if (rune.Value != 0xfffe) whole.Append(rune); // a half is enumerated as U+FFFD
        return whole.ToString();
    }

    /// <summary>The words of a folded text: runs of letters and digits.</summary>
    public static IEnumerable<string> Words(string text) =>
        string.Concat(Fold(text).Select(c => char.IsLetterOrDigit(c) ? c : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A number as one word: folded, without its separators.</summary>
    public static string Code(string number) => string.Concat(Words(number));

    /// <summary>What is stored to find a part by: the words of its names, and each number both as one word and as the words it is printed as.</summary>
    public static string OfPart(IEnumerable<string?> names, IEnumerable<string?> numbers) => string.Join(' ', names.OfType<string>().SelectMany(Words)
        .Concat(numbers.OfType<string>().SelectMany(number => Words(number).Prepend(Code(number)))).Where(word => word.Length > 0).Distinct());
}
