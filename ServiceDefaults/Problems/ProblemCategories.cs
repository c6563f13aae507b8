namespace Shabou.ServiceDefaults.Problems;

/// <summary>Who has to act on a problem. A closed list: every <see cref="ProblemType"/> has one of these.</summary>
public static class ProblemCategories
{
    /// <summary>The caller: the request is wrong as it is, and would be refused again.</summary>
    public const string Validation = "validation";

    /// <summary>The caller, or whoever grants access: who calls is not known, or may not do this.</summary>
    public const string Auth = "auth";

    /// <summary>The caller waits, or an administrator raises a quota or budget.</summary>
    public const string Limit = "limit";

    /// <summary>The operator: PostgreSQL does not answer. An alert says so when it lasts.</summary>
    public const string Database = "database";

    /// <summary>The operator: something else that the request needs does not answer. An alert says so when it lasts.</summary>
    public const string Upstream = "upstream";

    /// <summary>The developers: a fault of ours. An alert says so at once.</summary>
    public const string Internal = "internal";

    public static IReadOnlyList<string> All { get; } = [Validation, Auth, Limit, Database, Upstream, Internal];
}
