using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Prospector;

internal sealed class BudgetWindowConfiguration : IEntityTypeConfiguration<BudgetWindow>
{
    public void Configure(EntityTypeBuilder<BudgetWindow> window)
    {
        window.ToTable("budget_windows", "prospector", table =>
        {
            table.HasCheckConstraint("ck_budget_windows_cap", "used + reserved <= cap");
            table.HasCheckConstraint("ck_budget_windows_money", "cost_micros <= cap_micros");
            table.HasCheckConstraint("ck_budget_windows_counts", "used >= 0 AND reserved >= 0 AND reserved_micros >= 0 AND reserved_micros <= cost_micros");
            table.HasCheckConstraint("ck_budget_windows_month_key", "kind <> 'Month' OR extract(day FROM key) = 1");
        });
        window.HasKey(w => new { w.Scope, w.Kind, w.Key });
        window.Property(w => w.Scope).HasMaxLength(BudgetSwitch.ScopeMaxLength);
        window.Property(w => w.ReservedMicros).HasDefaultValue(0L);
        window.Property(w => w.CapMicros).HasDefaultValue(300_000_000L);
        window.Property(w => w.Kind).HasConversion<string>().HasMaxLength(8);
    }
}
