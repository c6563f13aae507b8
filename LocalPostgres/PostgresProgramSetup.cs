using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shabou.LocalPostgres.Programs;

namespace Shabou.LocalPostgres;

/// <summary>How a program gets <see cref="PostgresPrograms"/>.</summary>
public static class PostgresProgramSetup
{
    /// <summary>Registers <see cref="PostgresPrograms"/> from <c>Postgres:Programs</c>. That programs are missing is said when they are first needed.</summary>
    public static void AddPostgresPrograms(this IHostApplicationBuilder builder) => builder.Services.AddSingleton(services =>
        new PostgresPrograms(services.GetRequiredService<IConfiguration>()[$"{PostgresProgramOptions.Section}:{nameof(PostgresProgramOptions.Programs)}"]));
}
