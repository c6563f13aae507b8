namespace Shabou.Migrator.Reports;

/// <summary>One question to the database and the heading of its answer.</summary>
/// <param name="Title">For a person.</param>
/// <param name="Sql">One statement; the names of its columns head the table.</param>
/// <param name="WhenEmpty">What it means that there are no rows.</param>
/// <param name="WhenMissing">What it means that the table asked for is not there.</param>
internal sealed record ReportSection(string Title, string Sql, string WhenEmpty, string WhenMissing = "The database has no such table: run Migrator.");
