using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Shabou.PlacesSimulator.Places;

namespace Shabou.PlacesSimulator.Search;

/// <summary>Cuts text into comparable words: case, accents, Arabic vowels, letter variants, plural and article do not matter.</summary>
internal static class Words
{
    /// <summary>Words as they are compared: "Pièces" and "piece" are one, "القطع" and "قطع" too.</summary>
    public static IEnumerable<string> Of(string text) => Plain(text).Select(Stem);

    public static FrozenSet<string> Of(BilingualName name) => Of(name.French).Concat(Of(name.Arabic)).ToFrozenSet();

    /// <summary>Lower-case words without accents.</summary>
    public static string[] Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var letter in text.Normalize(NormalizationForm.FormKD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(letter) == UnicodeCategory.NonSpacingMark || letter == 'ـ') continue;
            plain.Append(letter switch
            {
                'ى' => 'ي',
                'ة' => 'ه',
                _ => char.IsLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : ' ',
            });
        }
        return plain.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Stem(string word) => word switch
    {
        ['ا', 'ل', _, _, _, ..] => word[2..],
        [_, _, _, .., 's' or 'x'] => word[..^1],
        _ => word,
    };
}
