using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shabou.Schema;

namespace Shabou.CatalogApi.Products;

/// <summary>Runs the hand-written statements of this service. Their text is put together from constants only; what a client sent is always a parameter.</summary>
internal static class ProductSql
{
    private const int ReadBufferBytes = 64 * 1024; // a page of 100 parts in one or two reads

    /// <summary>How this service wants its connections. No plan reads a table from end to end where an index can serve; pages are as near as on a
    /// solid-state disk; and no statement of a few milliseconds is compiled first, which the high cost of a refused scan would make PostgreSQL do.</summary>
    public static void Configure(NpgsqlConnectionStringBuilder connection)
    {
        connection.Options = $"{connection.Options} -c enable_seqscan=off -c random_page_cost=1.1 -c jit=off".Trim();
        connection.ReadBufferSize = ReadBufferBytes;
    }

    /// <summary>The column expression of a part's name.</summary>
    public static string NameIn(string language) => language switch
    {
        "ar" => "p.name_ar",
        "en" => "coalesce(p.name_en, p.name_fr)",
        _ => "p.name_fr",
    };

    /// <summary>The price that counts of part <c>p</c>. As the database's function catalog.effective_price, which PostgreSQL would call for each row
    /// where it can work this into the plan.</summary>
    public const string EffectivePrice = """
        coalesce((SELECT pr.amount FROM catalog.prices pr JOIN catalog.suppliers s ON s.current_list_number = pr.price_list_number
            WHERE pr.product_id = p.id AND pr.price_list_number > p.price_set_after ORDER BY pr.price_list_number DESC LIMIT 1), p.price_amount)
        """;

    /// <summary>Runs one statement on the context's connection, in its transaction if it has one, again when the connection broke.</summary>
    /// <param name="prepared">Plan it once per connection: only where one plan is right for all values.</param>
    public static Task<T> QueryAsync<T>(this ShabouContext context, string sql, NpgsqlParameter[] parameters, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken cancellationToken, bool prepared = false) =>
        context.Database.CreateExecutionStrategy().ExecuteAsync(async cancellation =>
        {
            await context.Database.OpenConnectionAsync(cancellation);
            try
            {
                SqlCommandCounter.Count();
                await using var command = new NpgsqlCommand(sql, (NpgsqlConnection)context.Database.GetDbConnection());
                foreach (var parameter in parameters) command.Parameters.Add(parameter.Clone());
                if (prepared) await command.PrepareAsync(cancellation);
                await using var rows = await command.ExecuteReaderAsync(cancellation);
                return await read(rows, cancellation);
            }
            finally
            {
                await context.Database.CloseConnectionAsync();
            }
        }, cancellationToken);
}
