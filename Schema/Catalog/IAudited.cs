namespace Shabou.Schema.Catalog;

/// <summary>A row whose changes the database writes into the audit by itself. The stamps say who made the last one.</summary>
public interface IAudited
{
    const int ActorMaxLength = 200;
    const int TraceMaxLength = 64;

    /// <summary>Id of the caller; <c>system</c> for what no request asked for.</summary>
    string ChangedBy { get; set; }

    /// <summary>Trace id of the request, or null outside one.</summary>
    string? ChangedTrace { get; set; }

    /// <summary>PostgreSQL's xmin: changes with each write.</summary>
    uint Version { get; }
}

/// <summary>A row that clients address by a slug: unique; lower case ASCII letters, digits and hyphens.</summary>
public interface ISlugged : IAudited
{
    string Slug { get; set; }
}
