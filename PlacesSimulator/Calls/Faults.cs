using System.Globalization;
using Microsoft.Extensions.Options;
using Shabou.PlacesSimulator.Access;
using Shabou.PlacesSimulator.Places;

namespace Shabou.PlacesSimulator.Calls;

/// <summary>What one call gets.</summary>
/// <param name="Answer">Instead of the right answer, or with it when it is <see cref="Fault.Slow"/>; null when nothing is wrong with the call.</param>
/// <param name="Delay">How late a slow answer is.</param>
/// <param name="Places">What is wrong with the places in a right answer.</param>
internal sealed record DealtFault(Fault? Answer, TimeSpan Delay, PlaceFaults Places);

/// <summary>The faults that are on: for the next calls, first in first out, or for a share of all calls (of all places, for those about places).</summary>
/// <remarks>Which calls and places a share meets follows from the seed and the number of the call, so it is the same in every run.</remarks>
internal sealed class Faults(IOptions<PlacesOptions> options)
{
    public const int Most = 10_000;

    private readonly Lock _gate = new();
    private readonly Queue<(Fault Fault, TimeSpan Delay)> _next = [];
    private readonly SortedDictionary<Fault, (int Percent, TimeSpan Delay)> _shares = [];
    private int _seed = options.Value.Seed;
    private int _dealt;

    public void Add(Fault fault, int count, TimeSpan delay)
    {
        lock (_gate)
        {
            for (var i = 0; i < count; i++) _next.Enqueue((fault, delay));
        }
    }

    /// <summary>Gives a share of the calls, or of the places, the fault from now on; 0 switches it off.</summary>
    /// <returns>False when the shares of calls would be more than 100 % together: nothing is changed.</returns>
    public bool TryShare(Fault fault, int percent, TimeSpan delay)
    {
        lock (_gate)
        {
            var others = _shares.Where(share => share.Key != fault && !IsAboutPlaces(share.Key)).Sum(share => share.Value.Percent);
            if (!IsAboutPlaces(fault) && others + percent > 100) return false;
            _shares[fault] = (percent, delay);
            return true;
        }
    }

    /// <summary>How many of the next calls wait for each fault, and the shares that are on, in percent.</summary>
    public (IReadOnlyDictionary<Fault, int> Next, IReadOnlyDictionary<Fault, int> Percent) Read()
    {
        lock (_gate)
            return (_next.CountBy(next => next.Fault).ToDictionary(), _shares.Where(share => share.Value.Percent > 0).ToDictionary(share => share.Key, share => share.Value.Percent));
    }

    /// <param name="seed">Where chance starts from; null is the configured one.</param>
    public void Reset(int? seed)
    {
        lock (_gate)
        {
            _next.Clear();
            _shares.Clear();
            _dealt = 0;
            _seed = seed ?? options.Value.Seed;
        }
    }

    /// <summary>Decides about the next call.</summary>
    public DealtFault Deal()
    {
        lock (_gate)
        {
            var number = ++_dealt;
            var queued = _next.TryDequeue(out var next) ? next : default((Fault Fault, TimeSpan Delay)?);
            var places = new PlaceFaults(_seed, Percent(Fault.SecondId, queued?.Fault), Percent(Fault.Repeated, queued?.Fault), Percent(Fault.Vanished, queued?.Fault));
            return queued is { } fault
                ? new(IsAboutPlaces(fault.Fault) ? null : fault.Fault, fault.Delay, places)
                : Draw(number) is { } drawn ? new(drawn, _shares[drawn].Delay, places) : new(null, TimeSpan.Zero, places);
        }
    }

    private static bool IsAboutPlaces(Fault fault) => fault is Fault.SecondId or Fault.Repeated or Fault.Vanished;

    /// <summary>All places when the next call was promised the fault.</summary>
    private int Percent(Fault fault, Fault? queued) => fault == queued ? 100 : _shares.GetValueOrDefault(fault).Percent;

    private Fault? Draw(int number)
    {
        var draw = new Dice(string.Create(CultureInfo.InvariantCulture, $"shabou-fault/{_seed}/{number}")).Below(100);
        foreach (var (fault, share) in _shares.Where(share => !IsAboutPlaces(share.Key)))
            if ((draw -= share.Percent) < 0) return fault;
        return null;
    }
}
