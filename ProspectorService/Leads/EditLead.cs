using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.ProspectorService.Audit;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.Schema.Prospector;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ProspectorService.Leads;

/// <summary>What PATCH takes. What is left out stays; null empties.</summary>
/// <remarks>Properties and not parameters: the description of an API cannot say the default of a parameter that is a struct.</remarks>
internal sealed record LeadPatch
{
    /// <summary>new, contacted, qualified, offered, customer or lost; any may follow any, for people correct themselves.</summary>
    public Change<LeadStage?> Stage { get; init; }

    /// <summary>Why, 300 characters at most; lost needs one. A new stage without one empties it.</summary>
    public Change<string> StageReason { get; init; }

    /// <summary>What we call it, 200 characters at most: stays when Google's name is gone.</summary>
    public Change<string> Name { get; init; }

    /// <summary>Who works on it, 100 characters at most.</summary>
    public Change<string> Owner { get; init; }

    /// <summary>4000 characters at most.</summary>
    public Change<string> Notes { get; init; }

    /// <summary>The day to call or write again.</summary>
    public Change<DateOnly?> FollowUpOn { get; init; }

    /// <summary>What is wrong, by field; empty when nothing is.</summary>
    public Dictionary<string, string[]> Errors()
    {
        var errors = new Dictionary<string, string[]>();
        if (Stage is { IsSet: true, Value: null }) errors["stage"] = ["must be one of " + string.Join(", ", Enum.GetNames<LeadStage>().Select(name => name.ToLowerInvariant())) + "."];
        Limit("stageReason", StageReason, Lead.StageReasonMaxLength);
        Limit("name", Name, Lead.NameMaxLength);
        Limit("owner", Owner, Lead.OwnerMaxLength);
        Limit("notes", Notes, Lead.NotesMaxLength);
        return errors;

        void Limit(string field, Change<string> change, int longest)
        {
            if (change.Value is { } text && (text.Length > longest || string.IsNullOrWhiteSpace(text))) errors[field] = [$"must have 1 to {longest} characters, or be null."];
        }
    }
}

/// <summary>Changes our own facts about a lead. The database writes the history of its stages.</summary>
internal static class EditLead
{
    public static async Task<Results<Ok<LeadDetail>, ProblemHttpResult>> EditAsync(
        Guid id, LeadPatch patch, HttpContext http, ShabouContext context, LeadReader reader, AuditActor actor, CancellationToken cancellationToken)
    {
        if (patch.Errors() is { Count: > 0 } errors) return Problem.Invalid(errors);
        if (!ExpectedVersion.TryRead(http.Request, out var expected, out var refusal)) return refusal;
        if (await context.Leads.SingleOrDefaultAsync(l => l.Id == id, cancellationToken) is not { } lead) return Problem.NotFound("lead", id);
        if (!expected.Matches((uint)lead.Revision)) return ExpectedVersion.Stale("lead", id);
        Apply(patch, lead);
        if (lead is { Stage: LeadStage.Lost, StageReason: null }) return Problem.Unprocessable("stageReason", "A lost lead needs the reason, so that nobody calls again for nothing; send stageReason.");
        if (context.ChangeTracker.HasChanges())
        {
            (lead.ChangedBy, lead.ChangedTrace) = (actor.Name, AuditActor.Trace);
            lead.Revision++;
            await context.SaveChangesAsync(cancellationToken);
        }
        var (detail, revision) = (await reader.ReadAsync(id, cancellationToken))!.Value;
        ETags.Write(http.Response, (uint)revision);
        return TypedResults.Ok(detail);
    }

    private static void Apply(LeadPatch patch, Lead lead)
    {
        var moved = patch.Stage is { IsSet: true, Value: { } stage } && stage != lead.Stage;
        if (moved) lead.Stage = patch.Stage.Value!.Value;
        lead.StageReason = patch.StageReason.IsSet || moved ? patch.StageReason.Value?.Trim() : lead.StageReason;
        lead.Name = patch.Name.Over(lead.Name)?.Trim();
        lead.Owner = patch.Owner.Over(lead.Owner)?.Trim();
        lead.Notes = patch.Notes.Over(lead.Notes)?.Trim();
        lead.FollowUpOn = patch.FollowUpOn.Over(lead.FollowUpOn);
        lead.Search = string.Join(' ', SearchText.Words($"{lead.Name} {lead.Notes}"));
    }
}
