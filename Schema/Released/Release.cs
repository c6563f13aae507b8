namespace Shabou.Schema.Released;

/// <summary>What the last release expects of the database. While its services still run, the schema may grow and must not shrink: a migration that takes
/// something away comes one release after the code that stopped using it.</summary>
/// <remarks>To release: set <see cref="Migration"/> to the last migration of the release, list in <see cref="Unused"/> what its code no longer uses, and
/// empty <see cref="Kept"/> and <see cref="Taken"/>. The schema of that moment is known from the migration itself.</remarks>
public static class Release
{
    /// <summary>The last migration of that release. Builds from it on can read and write the database; Migrator notes it there.</summary>
    public const string Migration = "20261121193300_AlertsOfTheGateway";

    /// <summary>Tables (<c>schema.table</c>) and columns (<c>schema.table.column</c>) that are still there and that the release does not use: they may go.</summary>
    internal static IReadOnlyList<string> Unused { get; } = [];

    /// <summary>Constraints on tables of the release that were added since, or migrations of nothing but such, and why its services do not break them.</summary>
    internal static IReadOnlyDictionary<string, string> Kept { get; } = new Dictionary<string, string>
    {
        ["20261122024539_Invariants"] = "Each says what the services of the release check before they write: enums by their names, counts from zero, check digits.",
    };

    /// <summary>Raw statements of migrations since that drop, rename, move or alter, as they stand there on one line, and why its services do not need what they take.</summary>
    internal static IReadOnlyDictionary<string, string> Taken { get; } = new Dictionary<string, string>();
}
