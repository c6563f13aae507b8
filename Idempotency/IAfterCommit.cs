using Microsoft.AspNetCore.Http;

namespace Shabou.Idempotency;

/// <summary>What an endpoint tells the world when it has changed something. Around it stands a transaction that commits later: until then it is
/// collected. A service that has nothing to tell registers none.</summary>
public interface IAfterCommit
{
    /// <summary>From now on collect; what an attempt before collected is forgotten.</summary>
    void Collect(HttpContext http);

    /// <summary>The endpoint has returned: collect no more.</summary>
    void EndCollecting(HttpContext http);

    /// <summary>It is committed: tell what was collected.</summary>
    Task TellAsync(HttpContext http, CancellationToken cancellationToken);
}
