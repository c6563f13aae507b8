using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Prospector;

internal sealed class BudgetReservationConfiguration : IEntityTypeConfiguration<BudgetReservation>
{
    public void Configure(EntityTypeBuilder<BudgetReservation> reservation)
    {
        reservation.ToTable("budget_reservations", "prospector", table =>
        {
            table.HasCheckConstraint("ck_budget_reservations_units", "units > 0 AND attempt > 0 AND cost_micros >= 0");
            table.HasCheckConstraint("ck_budget_reservations_settled", "(state = 'Reserved') = (settled_at IS NULL)");
        });
        reservation.Property(r => r.Id).ValueGeneratedNever(); // UUIDv7, made in code
        reservation.Property(r => r.Scope).HasMaxLength(BudgetSwitch.ScopeMaxLength);
        reservation.Property(r => r.IdempotencyKey).HasMaxLength(BudgetReservation.IdempotencyKeyMaxLength);
        reservation.Property(r => r.Sku).HasMaxLength(BudgetReservation.SkuMaxLength);
        reservation.Property(r => r.State).HasConversion<string>().HasMaxLength(16);
        reservation.Property(r => r.Outcome).HasMaxLength(BudgetReservation.OutcomeMaxLength);
        reservation.HasIndex(r => new { r.IdempotencyKey, r.Attempt }).IsUnique();
        reservation.HasIndex(r => new { r.Sku, r.MonthKey }); // the month's calls of a SKU decide which are free
        reservation.HasIndex(r => r.JobId);
        reservation.HasIndex(r => r.ExpiresAt).HasFilter("state = 'Reserved'"); // few at any time
        reservation.HasIndex(r => r.ExpiresAt, "ix_budget_reservations_last_day").HasFilter("state <> 'Released'"); // the calls of the last 24 hours
    }
}
