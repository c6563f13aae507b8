using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shabou.Schema;
using Shabou.Schema.Ops;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Idempotency;

/// <summary>Answers one request that carries a key: the first of that key by its endpoint, the others by what the first was answered.</summary>
/// <remarks>The key's row is inserted first, in the transaction of the effect: a second request waits at it until the first has committed, and
/// then reads its answer; or it takes the first one's place when that failed.</remarks>
internal sealed class IdempotentRequests(HttpContext http, RequestDelegate endpoint, byte[] body)
{
    /// <summary>On an answer that is a repetition.</summary>
    public const string ReplayedHeader = "Idempotency-Replayed";

    private readonly ShabouContext _context = http.RequestServices.GetRequiredService<ShabouContext>();
    private readonly IAfterCommit? _afterCommit = http.RequestServices.GetService<IAfterCommit>();
    private readonly CancellationToken _cancellation = http.RequestAborted;

    public async Task AnswerAsync(byte[] key, byte[] request)
    {
        SqlCommandCounter.AllowMore(2); // the key's row, and the answer kept in it
        using var answer = new MemoryStream();
        // When the connection broke at the commit, the next attempt finds the row if it was committed: there is one effect even so.
        var effect = await _context.Database.CreateExecutionStrategy().ExecuteAsync(async cancellation =>
        {
            await using var transaction = await _context.Database.BeginTransactionAsync(cancellation);
            while (!await TryInsertAsync(key, request, cancellation))
            {
                // Null when it was forgotten between the two statements.
                if (await _context.IdempotentRequests.AsNoTracking().SingleOrDefaultAsync(r => r.KeyHash == key, cancellation) is { } first) return first;
            }
            await RunAsync(answer);
            if (http.Response.StatusCode is < 200 or >= 300) return null; // what is refused is undone with its key
            await KeepAsync(key, answer.ToArray(), cancellation);
            await transaction.CommitAsync(cancellation);
            return null;
        }, _cancellation);

        if (effect is not null)
        {
            await ReplayAsync(effect, request);
            return;
        }
        if (http.Response.StatusCode is >= 200 and < 300 && _afterCommit is not null) await _afterCommit.TellAsync(http, CancellationToken.None); // it is done, so it is said
        answer.Position = 0;
        await answer.CopyToAsync(http.Response.Body, CancellationToken.None);
    }

    private async Task<bool> TryInsertAsync(byte[] key, byte[] request, CancellationToken cancellationToken) =>
        await _context.Database.ExecuteSqlAsync(
            $"INSERT INTO ops.idempotent_requests (key_hash, request_hash, status, body, created_at) VALUES ({key}, {request}, 0, '', now()) ON CONFLICT (key_hash) DO NOTHING",
            cancellationToken) == 1;

    private Task<int> KeepAsync(byte[] key, byte[] answer, CancellationToken cancellationToken)
    {
        var (status, location, etag) = (http.Response.StatusCode, http.Response.Headers.Location.ToString(), http.Response.Headers.ETag.ToString());
        return _context.Database.ExecuteSqlAsync(
            $"UPDATE ops.idempotent_requests SET status = {status}, location = nullif({location}, ''), etag = nullif({etag}, ''), body = {answer} WHERE key_hash = {key}",
            cancellationToken);
    }

    private async Task RunAsync(MemoryStream answer)
    {
        // As if this were the first attempt.
        _context.ChangeTracker.Clear();
        answer.SetLength(0);
        http.Response.Clear();
        http.Request.Body = new MemoryStream(body, writable: false);

        var client = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        http.Response.Body = answer; // nothing reaches the client before the commit
        _afterCommit?.Collect(http);
        try
        {
            await endpoint(http);
            await http.Response.BodyWriter.FlushAsync(_cancellation);
        }
        finally
        {
            _afterCommit?.EndCollecting(http);
            http.Features.Set(client);
        }
    }

    private async Task ReplayAsync(IdempotentRequest first, byte[] request)
    {
        if (!first.RequestHash.AsSpan().SequenceEqual(request))
        {
            await Problem.Of(ProblemTypes.IdempotencyMismatch,
                $"This {IdempotencyKey.Header} came with another query or body before; send a new key, or that request unchanged.").ExecuteAsync(http);
            return;
        }
        var response = http.Response;
        response.StatusCode = first.Status;
        response.Headers[ReplayedHeader] = "true";
        if (first.Location is { } location) response.Headers.Location = location;
        if (first.ETag is { } etag) response.Headers.ETag = etag;
        if (first.Body.Length == 0) return;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = first.Body.Length;
        await response.Body.WriteAsync(first.Body, _cancellation);
    }
}
