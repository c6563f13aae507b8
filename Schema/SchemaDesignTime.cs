using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Shabou.Schema;

/// <summary>For dotnet-ef only: the model needs no database, so <c>migrations add</c> runs without one.</summary>
internal sealed class SchemaDesignTime : IDesignTimeDbContextFactory<ShabouContext>
{
    public ShabouContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<ShabouContext>().UseNpgsql("Host=localhost;Database=shabou").Options);
}
