using System.Linq.Expressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shabou.CatalogApi.Audit;
using Shabou.CatalogApi.Caching;
using Shabou.CatalogApi.Versions;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Paging;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Slugs;

/// <summary>What brands, categories, suppliers and warehouses have in common: a list, one of it by its slug, and how it is written.</summary>
/// <param name="Name">Singular, capitalised: <c>Brand</c>.</param>
/// <param name="Plural">Capitalised: <c>Brands</c>; the address is its lower case.</param>
/// <param name="View">What clients see of a row.</param>
/// <param name="Position">Where a row stands in the list: the value of <paramref name="OrderedBy"/>.</param>
/// <param name="OrderedBy">The property, unique, that orders the list.</param>
internal sealed record SlugNoun<TRow, TView>(
    string Name, string Plural, Expression<Func<TRow, TView>> View, Func<TView, string> Position, string OrderedBy = nameof(ISlugged.Slug))
    where TRow : class, ISlugged
{
    private readonly Func<TRow, TView> _view = View.Compile();

    public string Thing { get; } = Name.ToLowerInvariant();

    private string Address { get; } = $"/api/v1/{Plural.ToLowerInvariant()}";

    /// <summary>Maps what needs no contract of its own: the list, one, and its deletion.</summary>
    public RouteGroupBuilder Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Address).WithTags(Plural);
        group.MapGet("/", ListAsync).WithName($"List{Plural}").WithSummary($"All {Plural.ToLowerInvariant()}, a page at a time");
        group.MapGet("/{slug}", GetAsync).WithName($"Get{Name}").WithSummary($"One {Thing}");
        group.MapDelete("/{slug}", DeleteAsync).WithName($"Delete{Name}").WithSummary($"Delete a {Thing} that nothing uses").RequireAuthorization(Policies.Admin);
        return group;
    }

    public async Task<Results<Versioned<TView>, ProblemHttpResult>> CreateAsync(TRow row, ShabouContext context, CatalogVersions versions, CancellationToken cancellationToken)
    {
        context.Add(row);
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException error) when (IsTaken(error))
        {
            return Taken(row.Slug);
        }
        await versions.EverythingChangedAsync(cancellationToken);
        return Created(row);
    }

    public async Task<Results<Versioned<TView>, ProblemHttpResult>> UpdateAsync(
        string slug, NamedWrite write, Action<TRow> fill, HttpContext http, ShabouContext context, CatalogVersions versions, CancellationToken cancellationToken)
    {
        if (!ExpectedVersion.TryRead(http.Request, out var expected, out var refusal)) return refusal;
        if (await context.Set<TRow>().SingleOrDefaultAsync(r => r.Slug == slug, cancellationToken) is not { } row) return NotFound(slug);
        if (!expected.Matches(row.Version)) return ExpectedVersion.Stale(Thing, Quoted(slug));
        row.Slug = write.Slug;
        fill(row);
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException error) when (IsTaken(error))
        {
            return Taken(write.Slug);
        }
        await versions.EverythingChangedAsync(cancellationToken);
        return Current(row);
    }

    public Versioned<TView> Created(TRow row) => new(_view(row), row.Version, $"{Address}/{row.Slug}");

    public Versioned<TView> Current(TRow row) => new(_view(row), row.Version);

    public ProblemHttpResult NotFound(string slug) => Problem.NotFound(Thing, Quoted(slug));

    /// <summary>Whether saving failed because the slug is in use.</summary>
    public static bool IsTaken(DbUpdateException error) => error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    public ProblemHttpResult Taken(string slug) => Problem.Of(ProblemTypes.Conflict, $"Another {Thing} has the slug '{slug}'; choose another, or update that one.");

    public static string Quoted(string slug) => $"'{slug}'";

    private async Task<Results<Ok<Page<TView>>, ProblemHttpResult>> ListAsync(
        string? after, int? size, Cursors cursors, HttpContext http, ShabouContext context, CancellationToken cancellationToken)
    {
        if (!Pages.TryReadSize(size, out var take, out var refusal)) return refusal;
        if (!cursors.TryRead<string>(Plural, after, out var last, out refusal)) return refusal;
        var rows = context.Set<TRow>().AsNoTracking();
        if (last is not null) rows = rows.Where(r => EF.Property<string>(r, OrderedBy).CompareTo(last) > 0);
        var views = await rows.OrderBy(r => EF.Property<string>(r, OrderedBy)).Take(take + 1).Select(View).ToListAsync(cancellationToken);
        return TypedResults.Ok(Pages.Cut(http, views, take, view => cursors.Write(Plural, Position(view))));
    }

    private async Task<Results<Versioned<TView>, ProblemHttpResult>> GetAsync(string slug, ShabouContext context, CancellationToken cancellationToken) =>
        await context.Set<TRow>().AsNoTracking().SingleOrDefaultAsync(r => r.Slug == slug, cancellationToken) is { } row ? Current(row) : NotFound(slug);

    private async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string slug, HttpContext http, ShabouContext context, CatalogVersions versions, CancellationToken cancellationToken)
    {
        if (!ExpectedVersion.TryRead(http.Request, out var expected, out var refusal)) return refusal;
        if (await context.DeleteAsync<TRow>(Thing, Quoted(slug), r => r.Slug == slug, expected, cancellationToken) is { } problem) return problem;
        await versions.EverythingChangedAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
