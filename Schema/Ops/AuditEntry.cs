namespace Shabou.Schema.Ops;

/// <summary>One change of one audited row, written by the database itself. No service may change or delete entries.</summary>
public sealed class AuditEntry
{
    public long Id { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Table without its PostgreSQL schema: <c>products</c>.</summary>
    public required string TableName { get; init; }
    public required Guid RowId { get; init; }

    /// <summary>created, updated, deleted or restored.</summary>
    public required string Action { get; init; }

    /// <summary>Id of the caller, or <c>system</c>.</summary>
    public required string Actor { get; init; }
    public string? TraceId { get; init; }

    /// <summary>The row as JSON; null when it did not exist.</summary>
    public string? Before { get; init; }

    /// <summary>The row as JSON; null when it no longer exists.</summary>
    public string? After { get; init; }
}
