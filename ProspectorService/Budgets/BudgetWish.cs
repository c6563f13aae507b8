namespace Shabou.ProspectorService.Budgets;

/// <summary>A paid call that somebody wants to make. The scope is Google Places; each attempt on the wire and each page is a wish of its own.</summary>
/// <param name="Sku">What will be called, see <see cref="PlacesSku"/>.</param>
/// <param name="IdempotencyKey">What the call is for, 1 to 200 characters. A further reservation for the same thing is its next attempt, and an
/// earlier one that nobody settled counts as spent from then on.</param>
/// <param name="JobId">The job that the call is part of.</param>
/// <param name="Units">What the one call is billed as, 1 to 20. Default 1.</param>
/// <param name="Lifetime">How long the call may be under way; 1 second to <see cref="PlacesBudgetOptions.ReservationLifetime"/>, which is the default.</param>
public sealed record BudgetWish(string Sku, string IdempotencyKey, Guid? JobId = null, int Units = 1, TimeSpan? Lifetime = null)
{
    public const int MostUnits = 20;

    internal void Check(TimeSpan longest)
    {
        ArgumentException.ThrowIfNullOrEmpty(IdempotencyKey);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(IdempotencyKey.Length, Schema.Prospector.BudgetReservation.IdempotencyKeyMaxLength, nameof(IdempotencyKey));
        ArgumentOutOfRangeException.ThrowIfLessThan(Units, 1, nameof(Units));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Units, MostUnits, nameof(Units));
        if (Lifetime is not { } lifetime) return;
        ArgumentOutOfRangeException.ThrowIfLessThan(lifetime, TimeSpan.FromSeconds(1), nameof(Lifetime));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lifetime, longest, nameof(Lifetime));
    }
}
