namespace Shabou.Schema.Tests.Changes;

/// <summary>Rows for each migration, in the SQL of its moment: what its new tables held when they were new.</summary>
internal static class Seeds
{
    /// <param name="migration">Its id.</param>
    /// <returns>Null when it made no table.</returns>
    public static string? Of(string migration)
    {
        using var stream = typeof(Seeds).Assembly.GetManifestResourceStream($"Seeds/{migration[(migration.IndexOf('_', StringComparison.Ordinal) + 1)..]}");
        if (stream is null) return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
