using Microsoft.EntityFrameworkCore;
using Shabou.Schema;

namespace Shabou.Migrator.Demo;

/// <summary>Fills an empty catalog in Development, so that a first look shows a shop and not empty lists. Never touches a catalog with parts in it.</summary>
internal sealed partial class SeedDemo(TimeProvider time, ILogger<SeedDemo> logger)
{
    public async Task RunAsync(ShabouContext context, int parts, CancellationToken cancellationToken)
    {
        if (await context.Products.AnyAsync(cancellationToken)) return;
        var demo = new DemoCatalog(parts, time.GetUtcNow());
        context.AddRange(demo.Brands);
        context.AddRange(demo.Categories);
        context.AddRange(demo.Parts.Select(p => p.Product));
        await context.SaveChangesAsync(cancellationToken); // one transaction: all or nothing
        LogSeeded(demo.Parts.Count);
    }

    [LoggerMessage(LogLevel.Information, "Seeded the demo catalog with {Parts} parts and their demand")] private partial void LogSeeded(int parts);
}
