using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Shabou.Schema.Connections;

/// <summary>Refuses what EF would do synchronously, such as a foreach over a query: the thread would wait for the database and serve nobody. What
/// the compiler can see is refused by BannedSymbols.txt already.</summary>
internal sealed class AsyncOnly : DbCommandInterceptor
{
    public static AsyncOnly Instance { get; } = new();

    private AsyncOnly() { }

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result) => throw Refused();

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result) => throw Refused();

    public override InterceptionResult<object> ScalarExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<object> result) => throw Refused();

    private static InvalidOperationException Refused() => new("The database was asked synchronously, which holds a thread: use the method whose name ends in Async.");
}
