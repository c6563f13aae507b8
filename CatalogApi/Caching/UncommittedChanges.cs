namespace Shabou.CatalogApi.Caching;

/// <summary>Changes that an endpoint has made inside a transaction that somebody around it commits: told to the replicas only then, or a
/// reader would put the old state into the cache once more. <see cref="CatalogVersions"/> finds it among the request's features.</summary>
internal sealed class UncommittedChanges
{
    private readonly HashSet<Guid> _products = [];
    private bool _everything;

    public void AddProduct(Guid id) => _products.Add(id);

    public void AddEverything() => _everything = true;

    public void Clear()
    {
        _products.Clear();
        _everything = false;
    }

    /// <summary>After the commit.</summary>
    public async Task TellAsync(CatalogVersions versions, CancellationToken cancellationToken)
    {
        if (_everything) await versions.EverythingChangedAsync(cancellationToken);
        else foreach (var product in _products) await versions.ProductChangedAsync(product, cancellationToken);
    }
}
