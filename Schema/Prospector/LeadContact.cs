namespace Shabou.Schema.Prospector;

/// <summary>A way to reach a lead that a person entered or that the business's own site publishes.</summary>
public sealed class LeadContact
{
    public const int ValueMaxLength = 254;
    public const int PersonNameMaxLength = 100;
    public const int SourceMaxLength = 200;

    public required Guid Id { get; init; }
    public required Guid LeadId { get; init; }
    public required ContactKind Kind { get; init; }

    /// <summary>The phone in E.164, or the e-mail address in lower case.</summary>
    public required string Value { get; init; }

    /// <summary>SHA-256 of the value, as the list of suppressions has it.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>SHA-256 of an e-mail address's domain; null for phones.</summary>
    public byte[]? DomainHash { get; init; }

    /// <summary>It reaches a person by name. The table refuses such a contact without that person's consent.</summary>
    public required bool IsPersonal { get; init; }

    public string? PersonName { get; init; }

    /// <summary>Where it is from, for example "business card, Sfax fair".</summary>
    public required string Source { get; init; }

    public Guid? ConsentId { get; init; }

    /// <summary>Computed: true where the consent must be one that was not withdrawn, else null.</summary>
    public bool? NeedsActiveConsent { get; private set; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
}

/// <summary>Stored and sent as text.</summary>
public enum ContactKind
{
    Phone,
    Email,
}
