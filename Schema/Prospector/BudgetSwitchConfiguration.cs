using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Prospector;

internal sealed class BudgetSwitchConfiguration : IEntityTypeConfiguration<BudgetSwitch>
{
    public void Configure(EntityTypeBuilder<BudgetSwitch> budget)
    {
        budget.ToTable("budget_switch", "prospector", table =>
            table.HasCheckConstraint("ck_budget_switch_caps", "calls_per_day >= 0 AND calls_per_month >= 0 AND micros_per_month >= 0"));
        budget.HasKey(b => b.Scope);
        budget.Property(b => b.Scope).HasMaxLength(BudgetSwitch.ScopeMaxLength);
        budget.Property(b => b.Reason).HasMaxLength(BudgetSwitch.ReasonMaxLength);
        budget.Property(b => b.ChangedBy).HasMaxLength(BudgetSwitch.ActorMaxLength);
        budget.Property(b => b.ChangedTrace).HasMaxLength(BudgetSwitch.TraceMaxLength);
        budget.Property(b => b.LedgerVersion).HasDefaultValue(0L);
        // Without this row nothing is granted, so the migration brings it.
        budget.HasData(new BudgetSwitch
        {
            Scope = BudgetSwitch.Places,
            Killed = false,
            Reason = "Installed.",
            ChangedBy = "migration",
            ChangedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            Revision = 1,
        });
    }
}
