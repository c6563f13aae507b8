using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shabou.Jobs;
using Shabou.Schema;
using Shabou.ServiceDefaults.Limits;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Idempotency;

/// <summary>Says of an endpoint that it honours <c>Idempotency-Key</c>.</summary>
public sealed class HonoursIdempotencyKey;

/// <summary>How a service honours <c>Idempotency-Key</c>.</summary>
public static class IdempotentEndpoints
{
    /// <summary>Forgets keys after a day. What changes must be told after their commit: register an <see cref="IAfterCommit"/>.</summary>
    /// <remarks>Needs Redis registered (AddSharedRedis) and the work queue; neither has to be there to answer.</remarks>
    public static void AddIdempotency(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<IdempotencyOptions>().BindConfiguration(IdempotencyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<Turns>()
            .AddJobHandler<ForgetOldRequests, ForgetOldRequests.Order>(ForgetOldRequests.Kind)
            .AddJobSchedule("ops.forget-requests", "0 0/10 * * * ?", ForgetOldRequests.Kind, new ForgetOldRequests.Order());
    }

    /// <summary>Repeating a request of this endpoint with the same <c>Idempotency-Key</c> answers again what the first one answered.</summary>
    /// <remarks>The endpoint must do all its writing through the request's <see cref="ShabouContext"/>: its effect is committed together with
    /// the answer, or not at all. What is refused is not kept, so that the caller can repair it and try again under the same key.</remarks>
    public static TBuilder WithIdempotency<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder
    {
        // Around the whole endpoint and not as a filter: a filter runs when the body has been read.
        endpoint.Add(builder =>
        {
            var inner = builder.RequestDelegate ?? throw new InvalidOperationException($"{builder.DisplayName} handles no requests.");
            builder.RequestDelegate = http => AnswerAsync(http, inner);
            builder.Metadata.Add(new HonoursIdempotencyKey());
        });
        return endpoint;
    }

    private static async Task AnswerAsync(HttpContext http, RequestDelegate inner)
    {
        if (!IdempotencyKey.TryRead(http.Request, out var key, out var refusal))
        {
            await refusal.ExecuteAsync(http);
            return;
        }
        if (key is null)
        {
            await inner(http);
            return;
        }
        var body = await ReadAsync(http.Request, http.RequestAborted);
        await InTurnAsync(http, IdempotencyKey.HashOf(http, key), hash => new IdempotentRequests(http, inner, body).AnswerAsync(hash, IdempotencyKey.HashOf(http.Request.QueryString, body)));
    }

    private static async Task InTurnAsync(HttpContext http, byte[] key, Func<byte[], Task> answer)
    {
        var turns = http.RequestServices.GetRequiredService<Turns>();
        var (turn, token) = await turns.TakeAsync(key, http.RequestAborted);
        if (turn == Turn.TooLong)
        {
            http.Response.Headers.RetryAfter = "2";
            await Problem.Of(ProblemTypes.Conflict, $"The first request with this {IdempotencyKey.Header} is still running; send it again in a moment.").ExecuteAsync(http);
            return;
        }
        var isAnswered = false;
        try
        {
            await answer(key);
            isAnswered = http.Response.StatusCode is >= 200 and < 300;
        }
        finally
        {
            if (token is not null) await turns.GiveBackAsync(key, token, isAnswered);
        }
    }

    // In memory: it is hashed before it is read, and read again when the database had to be tried again.
    private static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > RequestLimits.MaxBodyBytes) throw TooLarge();
        using var body = new MemoryStream((int)(request.ContentLength ?? 0));
        var buffer = new byte[81_920];
        while (await request.Body.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if (body.Length + read > RequestLimits.MaxBodyBytes) throw TooLarge();
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }

    private static BadHttpRequestException TooLarge() => new("Request body too large.", StatusCodes.Status413PayloadTooLarge);
}
