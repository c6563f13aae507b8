namespace Shabou.Schema.Retention;

/// <summary>How much a table grows by being used.</summary>
public enum Growth
{
    /// <summary>As large as the shop: parts, people, settings. Or its rows replace each other.</summary>
    Bounded,

    /// <summary>With time or use; its old rows go.</summary>
    LetGo,

    /// <summary>With time; its old rows are archived as files before they go.</summary>
    Archived,

    /// <summary>With time, and it may: the rows are evidence or knowledge that the shop needs for as long as it lasts.</summary>
    Kept,
}

/// <summary>One line of <see cref="TableLives.All"/>.</summary>
/// <param name="Table">Schema and table.</param>
/// <param name="Growth">Whether it grows, and what becomes of that.</param>
/// <param name="Kept">For how long; null: by another measure, or for ever.</param>
/// <param name="How">Who lets go and by what, or why nobody need.</param>
public sealed record TableLife(string Table, Growth Growth, TimeSpan? Kept, string How);
