using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.ForecastService.Demand;
using Shabou.ForecastService.Models;
using Shabou.Forecasting;
using Shabou.Schema;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ForecastService.Groups;

/// <summary>Answers <c>reconcile=mint</c>, within the limits of <see cref="GroupOptions"/>.</summary>
internal sealed class ReconciledGroups(ShabouContext context, ModelArtifacts models, IOptions<GroupOptions> options)
{
    public const string Name = "mint";

    private static readonly SemaphoreSlim s_one = new(1); // a process works at one of them at a time: each takes all cores

    /// <param name="under">Path of a category that there is; empty: all.</param>
    public async Task<Results<Ok<GroupForecasts>, ProblemHttpResult>> RunAsync(string under, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken); // closed with the request
        var (served, refusal) = await ServedAsync(cancellationToken);
        if (served is null) return refusal!;
        var parts = new GroupParts(context, served.Head.Id, under);
        if (Refuse(under, await parts.CountAsync(cancellationToken)) is { } tooMany) return tooMany;
        await s_one.WaitAsync(cancellationToken);
        try
        {
            var members = await parts.ReadAsync(withHistories: true, cancellationToken);
            return members.TrueForAll(part => part.History is not null)
                ? TypedResults.Ok(new GroupForecasts(served.Head.Version, Name, await Task.Run(() => new ReconcileParts(served.Model, under, cancellationToken).Of(members), cancellationToken)))
                : Problem.Of(ProblemTypes.Conflict, $"{served.Head.Version} was made by a program that did not keep the histories; start a training run.");
        }
        finally
        {
            s_one.Release();
        }
    }

    private async Task<(LoadedModel? Model, ProblemHttpResult? Refusal)> ServedAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await models.ServedAsync((NpgsqlConnection)context.Database.GetDbConnection(), cancellationToken) is { } served
                ? (served, null)
                : (null, Problem.Of(ProblemTypes.NotFound, "There is no model that could forecast categories; start a training run by POST /api/v1/training-runs."));
        }
        catch (ModelUnusableException error)
        {
            return (null, Problem.Of(ProblemTypes.ServiceUnavailable, error.Message));
        }
    }

    private ProblemHttpResult? Refuse(string under, Dictionary<string, int> counts)
    {
        var (parts, categories) = (counts.Values.Sum(), counts.Count == 0 ? 0 : CategoryTree.Of([.. counts.Keys.Select(path => path[under.Length..])]).Categories.Count);
        var (mostParts, mostCategories) = (options.Value.MostParts, options.Value.MostCategories);
        return parts <= mostParts && categories <= mostCategories ? null : Problem.Unprocessable("group", string.Create(CultureInfo.InvariantCulture,
            $"{RowErrors.Quote(under)} has {parts:N0} parts in {categories:N0} categories; {Name} takes at most {mostParts:N0} parts (Forecast:Groups:MostParts) and {mostCategories:N0} categories (Forecast:Groups:MostCategories). Ask for a category below it, or for reconcile=bottom-up."));
    }
}
