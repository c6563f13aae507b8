namespace Shabou.Schema.Catalog;

/// <summary>How far a price list has come.</summary>
public enum PriceListState
{
    /// <summary>Read and waiting for its job.</summary>
    Uploaded,

    /// <summary>Checked only, as asked; nothing was changed.</summary>
    Checked,

    /// <summary>A row was wrong, or another reason stood against it; nothing was changed.</summary>
    Refused,

    /// <summary>Its prices count, or did until the supplier's next list.</summary>
    Applied,

    /// <summary>Taken back: the supplier's list before it counts again.</summary>
    RolledBack,
}

/// <summary>What a wrong row does to the others.</summary>
public enum RowErrors
{
    /// <summary>Nothing is applied.</summary>
    RejectAll,

    /// <summary>The right rows are applied, the wrong ones are reported.</summary>
    RejectRows,

    /// <summary>The right rows are applied; the wrong ones are only counted.</summary>
    Ignore,
}

/// <summary>A supplier's price list: a generation of prices.</summary>
public sealed class PriceList
{
    public required Guid Id { get; init; }
    public required Guid SupplierId { get; init; }
    public Supplier? Supplier { get; init; }

    /// <summary>Given when it is applied, ascending over all suppliers: of two lists with the same part the higher counts.</summary>
    public int? Number { get; set; }

    public required PriceListState State { get; set; }
    public required RowErrors OnError { get; init; }

    /// <summary>Only check, change nothing.</summary>
    public required bool DryRun { get; init; }

    /// <summary>The job that checks and applies it.</summary>
    public Guid? JobId { get; set; }

    public required int RowsRead { get; set; }
    public int RowsApplied { get; set; }
    public int RowsRefused { get; set; }

    /// <summary>The supplier's list before this one, which a rollback returns to.</summary>
    public int? PreviousNumber { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
    public DateTimeOffset? AppliedAt { get; set; }
    public DateTimeOffset? RolledBackAt { get; set; }

    /// <summary>PostgreSQL's xmin.</summary>
    public uint Version { get; init; }
}

/// <summary>A row of an uploaded list as it was read, until its job has looked at it: the staging table.</summary>
public sealed class PriceListRow
{
    public const int TextMaxLength = 200;

    public required Guid PriceListId { get; init; }

    /// <summary>1-based line of the file, header included; of JSON, the element's place from 1.</summary>
    public required int Line { get; init; }
    public string? Sku { get; init; }

    /// <summary>Null when the text is not an amount; <see cref="Error"/> says so then.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Column and reason of what reading already refused.</summary>
    public string? ErrorColumn { get; init; }
    public string? Error { get; init; }
}

/// <summary>A row that was refused: what the report shows.</summary>
public sealed class PriceListError
{
    public const int ReasonMaxLength = 300;

    public required Guid PriceListId { get; init; }
    public required int Line { get; init; }
    public required string Column { get; init; }
    public required string Reason { get; init; }
}

/// <summary>A part's price before tax in one applied list. Never changed.</summary>
public sealed class Price
{
    public required Guid ProductId { get; init; }
    public required int PriceListNumber { get; init; }

    /// <summary>Dinars.</summary>
    public required decimal Amount { get; init; }
}
