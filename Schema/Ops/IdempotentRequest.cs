using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Ops;

/// <summary>A request that carried an <c>Idempotency-Key</c>, and its answer: written in the transaction of its effect, so that both exist or neither.</summary>
public sealed class IdempotentRequest
{
    /// <summary>SHA-256 of caller, method, path and key.</summary>
    public required byte[] KeyHash { get; init; }

    /// <summary>SHA-256 of query and body: another request under the same key is refused.</summary>
    public required byte[] RequestHash { get; init; }
    public required int Status { get; set; }
    public string? Location { get; set; }
    public string? ETag { get; set; }

    /// <summary>The answer's JSON.</summary>
    public required byte[] Body { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class IdempotentRequestConfiguration : IEntityTypeConfiguration<IdempotentRequest>
{
    public void Configure(EntityTypeBuilder<IdempotentRequest> request)
    {
        request.ToTable("idempotent_requests", "ops");
        request.HasKey(r => r.KeyHash);
        request.Property(r => r.Location).HasMaxLength(200);
        request.Property(r => r.ETag).HasColumnName("etag").HasMaxLength(100);
        request.HasIndex(r => r.CreatedAt);
    }
}
