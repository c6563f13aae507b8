using Shabou.ServiceDefaults.Problems;

namespace Shabou.Gateway.Problems;

/// <summary>Every problem type there is.</summary>
internal sealed record ProblemList(IReadOnlyList<ProblemPage> Items)
{
    internal static readonly ProblemList All = new([.. ProblemTypes.All.Select(ProblemPage.Of)]);
}

/// <summary>What a problem type means.</summary>
/// <param name="Type">As in the problem.</param>
/// <param name="Status">The usual one; a problem says its own.</param>
/// <param name="Title">One sentence.</param>
/// <param name="Category">Who has to act: validation, auth, limit, database, upstream or internal.</param>
/// <param name="Description">What has happened, and whether anything was done.</param>
/// <param name="Causes">Why that may be.</param>
/// <param name="Remedies">What the caller can do.</param>
internal sealed record ProblemPage(
    string Type, int Status, string Title, string Category, string Description, IReadOnlyList<string> Causes, IReadOnlyList<string> Remedies)
{
    internal static ProblemPage Of(ProblemType type)
    {
        var text = ProblemTexts.Of(type);
        return new(type.Uri, type.Status, type.Title, type.Category, text.Description, text.Causes, text.Remedies);
    }
}
