using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shabou.CatalogApi.Transactions;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Problems;
using ProblemHttpResult = Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult;

namespace Shabou.CatalogApi.Audit;

/// <summary>Deletes rows so that the audit knows who did.</summary>
internal static class AuditedDelete
{
    /// <summary>Deletes one row if it has an expected version.</summary>
    /// <param name="thing">What a refusal calls it: brand, vehicle ...</param>
    /// <returns>Null when it is gone, else 404, 412, or 409 that says what still needs it.</returns>
    public static async Task<ProblemHttpResult?> DeleteAsync<T>(
        this ShabouContext context, string thing, object key, Expression<Func<T, bool>> which, ExpectedVersion expected, CancellationToken cancellationToken)
        where T : class, IAudited
    {
        try
        {
            return await context.InTransactionAsync(async cancellation =>
            {
                if (await context.Set<T>().SingleOrDefaultAsync(which, cancellation) is not { } row) return Problem.NotFound(thing, key);
                if (!expected.Matches(row.Version)) return ExpectedVersion.Stale(thing, key);
                // The audit takes the actor from the row as it was: the stamps are saved first, which by itself is no change to the audit.
                context.Entry(row).Property(r => r.ChangedBy).IsModified = true;
                await context.SaveChangesAsync(cancellation);
                context.Remove(row);
                await context.SaveChangesAsync(cancellation);
                return null;
            }, cancellationToken);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation } violation)
        {
            return Problem.Of(ProblemTypes.Conflict, $"The {thing} {key} is still used by {violation.TableName?.Replace('_', ' ')}; change or delete those first.");
        }
    }
}
