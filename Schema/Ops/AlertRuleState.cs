using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Ops;

/// <summary>Whether a rule fires for a subject; all processes that evaluate the rules share it.</summary>
public sealed class AlertRuleState
{
    public required string Rule { get; init; }

    /// <summary>For example the queue.</summary>
    public required string Subject { get; init; }

    /// <summary>An alert was said and is not over.</summary>
    public required bool Firing { get; set; }

    /// <summary>Since when the rule's condition has been the opposite of <see cref="Firing"/>; null when it agrees. Changes only after it has been so for a while.</summary>
    public DateTimeOffset? TurningSince { get; set; }
    public required DateTimeOffset ChangedAt { get; set; }
}

internal sealed class AlertRuleStateConfiguration : IEntityTypeConfiguration<AlertRuleState>
{
    public void Configure(EntityTypeBuilder<AlertRuleState> state)
    {
        state.ToTable("alert_rule_states", "ops");
        state.HasKey(s => new { s.Rule, s.Subject });
        state.Property(s => s.Rule).HasMaxLength(Alert.KindMaxLength);
        state.Property(s => s.Subject).HasMaxLength(Alert.SubjectMaxLength);
    }
}
