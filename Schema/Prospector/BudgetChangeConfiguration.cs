using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Prospector;

internal sealed class BudgetChangeConfiguration : IEntityTypeConfiguration<BudgetChange>
{
    public void Configure(EntityTypeBuilder<BudgetChange> change)
    {
        change.ToTable("budget_changes", "prospector");
        change.Property(c => c.Scope).HasMaxLength(BudgetSwitch.ScopeMaxLength);
        change.Property(c => c.What).HasMaxLength(BudgetChange.WhatMaxLength);
        change.Property(c => c.Actor).HasMaxLength(BudgetSwitch.ActorMaxLength);
        change.Property(c => c.Reason).HasMaxLength(BudgetSwitch.ReasonMaxLength);
        change.Property(c => c.TraceId).HasMaxLength(BudgetSwitch.TraceMaxLength);
        change.Property(c => c.Before).HasColumnType("jsonb");
        change.Property(c => c.After).HasColumnType("jsonb");
    }
}
