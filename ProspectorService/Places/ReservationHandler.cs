using System.Globalization;
using Microsoft.Extensions.Options;
using Shabou.ProspectorService.Budgets;

namespace Shabou.ProspectorService.Places;

/// <summary>A request to Google Places carried no reservation, or one that was used: it was not sent.</summary>
internal sealed class UnreservedCallException()
    : InvalidOperationException("A call of Google Places needs an unused reservation of PlacesBudget, one for each attempt and each page.");

/// <summary>A request to Google Places came after its reservation's time, for example out of a process that was paused: it was not sent.</summary>
internal sealed class LapsedReservationException() : InvalidOperationException("The reservation of this call has lapsed; reserve again.");

/// <summary>The last thing before the wire, inside every retry: lets a request pass only with a reservation, uses it up, adds the key, and
/// settles the call however it ends.</summary>
internal sealed class ReservationHandler(PlacesBudget budget, IOptions<PlacesOptions> options) : DelegatingHandler
{
    private const string KeyHeader = "X-Goog-Api-Key";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Options.TryGetValue(Reservation.OptionsKey, out var reservation)) throw new UnreservedCallException();
        if (!reservation.TrySend()) throw reservation.IsUnused ? new LapsedReservationException() : new UnreservedCallException();
        var outcome = "failed";
        request.Headers.Add(KeyHeader, options.Value.ApiKey!.Reveal());
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            outcome = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
            return response;
        }
        catch (OperationCanceledException)
        {
            outcome = "timeout"; // Google may have answered a caller who was gone: paid
            throw;
        }
        finally
        {
            request.Headers.Remove(KeyHeader); // handlers outside, which log, never see it
            await budget.CommitAsync(reservation, outcome);
        }
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Calls of Google Places are asynchronous.");
}
