namespace Shabou.LocalPostgres.Programs;

/// <summary>Where PostgreSQL's programs are. Section <c>Postgres</c>.</summary>
public sealed class PostgresProgramOptions
{
    public const string Section = "Postgres";

    /// <summary>The folder of pg_dump, pg_basebackup, postgres and the others. Default: those of PATH and of the usual folders, the newest version.</summary>
    public string? Programs { get; set; }
}
