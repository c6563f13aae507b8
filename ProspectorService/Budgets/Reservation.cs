namespace Shabou.ProspectorService.Budgets;

/// <summary>The right to make exactly one paid call. Only <see cref="PlacesBudget"/> makes one, and only after writing it down.</summary>
public sealed class Reservation
{
    /// <summary>Where a request carries its reservation.</summary>
    internal static readonly HttpRequestOptionsKey<Reservation> OptionsKey = new("shabou.places-reservation");

    private const int Open = 0, Sent = 1, Void = 2;
    private int _fate = Open;

    internal Reservation(Guid id, string sku, DateTimeOffset expiresAt) => (Id, Sku, ExpiresAt) = (id, sku, expiresAt);

    /// <summary>Its row in the ledger.</summary>
    public Guid Id { get; }

    /// <summary>What it pays for, see <see cref="PlacesSku"/>.</summary>
    public string Sku { get; }

    /// <summary>By the database's clock. Not settled by then, it counts as spent.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>Takes the right to send; true once.</summary>
    internal bool TrySend() => Interlocked.CompareExchange(ref _fate, Sent, Open) == Open;

    /// <summary>Gives the right up; true when nothing was sent, and then nothing ever will be.</summary>
    internal bool TryVoid() => Interlocked.CompareExchange(ref _fate, Void, Open) == Open;
}
