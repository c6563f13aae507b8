using System.Collections.Frozen;
using System.Text.Json;

namespace Shabou.ServiceDefaults.Problems;

/// <summary>What the page of a problem type tells the person who met it.</summary>
/// <param name="Description">What has happened, and whether anything was done.</param>
/// <param name="Causes">Why that may be, the likely ones first.</param>
/// <param name="Remedies">What the reader can do.</param>
public sealed record ProblemText(string Description, IReadOnlyList<string> Causes, IReadOnlyList<string> Remedies);

/// <summary>One text for each type of <see cref="ProblemTypes.All"/>, from problem-texts.json: a new type needs an entry there, under its kind.</summary>
public static class ProblemTexts
{
    private const string Resource = "problem-texts.json";

    private static readonly Lazy<FrozenDictionary<string, ProblemText>> Texts = new(Read);

    /// <summary>Kinds that have a text; the same as those of <see cref="ProblemTypes.All"/>, as a test makes sure.</summary>
    public static IEnumerable<string> Kinds => Texts.Value.Keys;

    /// <exception cref="InvalidOperationException">problem-texts.json has no entry for the type.</exception>
    public static ProblemText Of(ProblemType type) => Texts.Value.TryGetValue(type.Kind, out var text)
        ? text
        : throw new InvalidOperationException($"The problem type '{type.Kind}' has no text: add an entry of that name to {Resource}.");

    private static FrozenDictionary<string, ProblemText> Read()
    {
        using var texts = typeof(ProblemTexts).Assembly.GetManifestResourceStream(Resource)!;
        return JsonSerializer.Deserialize<Dictionary<string, ProblemText>>(texts, JsonSerializerOptions.Web)!.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
