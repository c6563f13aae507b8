namespace Shabou.Schema.Prospector;

/// <summary>One change of the kill switch or of the caps, written by the database itself, whoever makes it. No service may change or delete one.</summary>
public sealed class BudgetChange
{
    public const int WhatMaxLength = 16;

    public long Id { get; init; }
    public required string Scope { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>killed, revived, caps, or unchanged when only the reason is new.</summary>
    public required string What { get; init; }

    /// <summary>Id of the client; the database's login when somebody changed the row by hand.</summary>
    public required string Actor { get; init; }
    public required string Reason { get; init; }
    public string? TraceId { get; init; }

    /// <summary>Switch and caps as JSON.</summary>
    public required string Before { get; init; }

    /// <summary>Switch and caps as JSON.</summary>
    public required string After { get; init; }
}
