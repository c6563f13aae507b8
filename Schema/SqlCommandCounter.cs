using System.Data.Common;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Shabou.Schema;

/// <summary>Counts the SQL commands of a request. Whoever wants the count puts a <see cref="StrongBox{T}"/> of int into the
/// request's activity under <see cref="Property"/>; the request log does, and tests read it there.</summary>
public sealed class SqlCommandCounter : DbCommandInterceptor
{
    /// <summary>Name of the activity's custom property.</summary>
    public const string Property = "sql.commands";

    private const string Unlimited = "sql.unlimited";
    private const string More = "sql.more";

    internal static SqlCommandCounter Instance { get; } = new();

    private SqlCommandCounter() { }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        Count();
        return new(result);
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Count();
        return new(result);
    }

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default)
    {
        Count();
        return new(result);
    }

    /// <summary>A request that runs more commands than this fails. Null, the default, never fails one; tests set it.</summary>
    public static int? MostPerRequest { get; set; }

    /// <summary>Says that the current request may run any number of commands, because it works on many rows at once.</summary>
    public static void AllowMany()
    {
        for (var activity = Activity.Current; activity is not null; activity = activity.Parent)
            if (activity.GetCustomProperty(Property) is StrongBox<int>) activity.SetCustomProperty(Unlimited, Unlimited);
    }

    /// <summary>Says that what stands around the current request's endpoint runs so many commands of its own.</summary>
    public static void AllowMore(int commands)
    {
        for (var activity = Activity.Current; activity is not null; activity = activity.Parent)
            if (activity.GetCustomProperty(Property) is StrongBox<int>) activity.SetCustomProperty(More, commands);
    }

    /// <summary>Counts one command that does not pass through EF.</summary>
    /// <exception cref="InvalidOperationException">The request has run <see cref="MostPerRequest"/> already.</exception>
    public static void Count()
    {
        for (var activity = Activity.Current; activity is not null; activity = activity.Parent)
        {
            if (activity.GetCustomProperty(Property) is not StrongBox<int> count) continue;
            if (Interlocked.Increment(ref count.Value) > MostPerRequest + (activity.GetCustomProperty(More) as int? ?? 0) && activity.GetCustomProperty(Unlimited) is null)
                throw new InvalidOperationException($"The request runs more than {MostPerRequest} SQL commands: read with one projection, or call SqlCommandCounter.AllowMany() where it works on many rows.");
            return;
        }
    }
}
