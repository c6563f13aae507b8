using Shabou.Idempotency;

namespace Shabou.CatalogApi.Caching;

/// <summary>Changes that an endpoint has made inside a transaction that somebody around it commits: told to the replicas only then, or a
/// reader would put the old state into the cache once more. <see cref="CatalogVersions"/> finds it among the request's features.</summary>
internal sealed class UncommittedChanges
{
    private readonly HashSet<Guid> _products = [];
    private bool _everything;

    public void AddProduct(Guid id) => _products.Add(id);

    public void AddEverything() => _everything = true;

    /// <summary>After the commit.</summary>
    public async Task TellAsync(CatalogVersions versions, CancellationToken cancellationToken)
    {
        if (_everything) await versions.EverythingChangedAsync(cancellationToken);
        else foreach (var product in _products) await versions.ProductChangedAsync(product, cancellationToken);
    }
}

/// <summary>Collects a request's changes while a transaction stands around its endpoint.</summary>
internal sealed class TellVersions(CatalogVersions versions) : IAfterCommit
{
    private static readonly object s_kept = new();

    public void Collect(HttpContext http)
    {
        var changes = new UncommittedChanges();
        http.Items[s_kept] = changes;
        http.Features.Set(changes);
    }

    public void EndCollecting(HttpContext http) => http.Features.Set<UncommittedChanges>(null);

    public Task TellAsync(HttpContext http, CancellationToken cancellationToken) => ((UncommittedChanges)http.Items[s_kept]!).TellAsync(versions, cancellationToken);
}
