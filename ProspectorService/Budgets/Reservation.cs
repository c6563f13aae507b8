namespace Shabou.ProspectorService.Budgets;

/// <summary>The right to make exactly one paid call. Only <see cref="PlacesBudget"/> makes one, and only after writing it down.</summary>
public sealed class Reservation
{
    /// <summary>Where a request carries its reservation.</summary>
    internal static readonly HttpRequestOptionsKey<Reservation> OptionsKey = new("shabou.places-reservation");

    private const int Open = 0, Sent = 1, Void = 2;
    private readonly Func<bool> _lapsed;
    private int _fate = Open;

    internal Reservation(Guid id, string sku, DateTimeOffset expiresAt, Func<bool> lapsed) => (Id, Sku, ExpiresAt, _lapsed) = (id, sku, expiresAt, lapsed);

    /// <summary>Its row in the ledger.</summary>
    public Guid Id { get; }

    /// <summary>What it pays for, see <see cref="PlacesSku"/>.</summary>
    public string Sku { get; }

    /// <summary>By the database's clock. Not sent by then, it never will be; not settled by then, it counts as spent.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>Neither sent nor given up.</summary>
    internal bool IsUnused => Volatile.Read(ref _fate) == Open;

    /// <summary>It is too old to be sent: the ledger's 24 hours, which began with its grant, would not cover the call.</summary>
    internal bool HasLapsed => _lapsed();

    /// <summary>Takes the right to send; true once, and only before it lapses.</summary>
    internal bool TrySend() => !HasLapsed && Interlocked.CompareExchange(ref _fate, Sent, Open) == Open;

    /// <summary>Gives the right up; true when nothing was sent, and then nothing ever will be.</summary>
    internal bool TryVoid() => Interlocked.CompareExchange(ref _fate, Void, Open) == Open;
}
