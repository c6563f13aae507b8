using System.Globalization;
using System.Runtime.CompilerServices;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace Shabou.Gateway.Routing;

/// <summary>Shares requests out by weight, and lets a caller ask for the canary or keep away from it. A destination's metadata say
/// <c>Weight</c> (0 to 1,000, default 100; an endpoint's, so two endpoints of one destination count twice) and <c>Canary</c> (true).</summary>
/// <remarks><c>X-Canary</c>, or else the cookie <c>canary</c>: <c>true</c> or <c>always</c> for the canary, <c>false</c> or <c>never</c>
/// for the others; anything else, or nothing, is shared out. Of as many requests as the weights add up to, each destination gets exactly its weight.</remarks>
internal sealed class WeightedPolicy : ILoadBalancingPolicy
{
    internal const string PolicyName = "Weighted";
    internal const string Header = "X-Canary";
    internal const string Cookie = "canary";

    private const string Weight = "Weight";
    private const string Canary = "Canary";
    private const int UsualWeight = 100;
    private const int MaxWeight = 1_000;

    private readonly ConditionalWeakTable<IReadOnlyList<DestinationState>, Plan> _plans = [];
    private readonly ConditionalWeakTable<ClusterState, StrongBox<long>> _turns = [];

    public string Name => PolicyName;

    public DestinationState? PickDestination(HttpContext context, ClusterState cluster, IReadOnlyList<DestinationState> availableDestinations)
    {
        if (availableDestinations.Count == 0)
            return null;
        var plan = _plans.GetValue(availableDestinations, static all => new Plan(all));
        var turn = Interlocked.Increment(ref _turns.GetOrCreateValue(cluster).Value) - 1;
        return (plan.HasCanary ? WantsCanary(context.Request) : null) switch
        {
            true => plan.Canaries.At(turn),
            false => plan.Others.At(turn),
            null => plan.All.At(turn),
        };
    }

    /// <summary>Whether any destination of the cluster says something that this policy reads.</summary>
    internal static bool Concerns(ClusterConfig cluster) =>
        cluster.Destinations?.Values.Any(destination => destination.Metadata is { } metadata && (metadata.ContainsKey(Weight) || metadata.ContainsKey(Canary))) == true;

    internal static (string Problem, string Setting, string Remedy)? FaultIn(DestinationConfig destination)
    {
        if (destination.Metadata is not { } metadata)
            return null;
        if (metadata.TryGetValue(Weight, out var weight) && !(int.TryParse(weight, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= MaxWeight))
            return ($"has the weight '{weight}'", Weight, string.Create(CultureInfo.InvariantCulture, $"a number from 0 to {MaxWeight:N0}"));
        if (metadata.TryGetValue(Canary, out var canary) && !bool.TryParse(canary, out _))
            return ($"has Canary '{canary}'", Canary, "true or false");
        return null;
    }

    private static bool? WantsCanary(HttpRequest request)
    {
        var said = request.Headers.TryGetValue(Header, out var header) ? header.ToString() : request.Cookies[Cookie];
        return said?.ToUpperInvariant() switch { "TRUE" or "ALWAYS" or "1" => true, "FALSE" or "NEVER" or "0" => false, _ => null };
    }

    private static int WeightOf(DestinationState destination) =>
        destination.Model.Config.Metadata?.GetValueOrDefault(Weight) is { } weight ? int.Parse(weight, NumberStyles.None, CultureInfo.InvariantCulture) : UsualWeight;

    private static bool IsCanary(DestinationState destination) =>
        destination.Model.Config.Metadata?.GetValueOrDefault(Canary) is { } canary && bool.Parse(canary);

    /// <summary>Made once for each set of available destinations; when none of a kind is there, all serve for it.</summary>
    private sealed class Plan(IReadOnlyList<DestinationState> all)
    {
        public bool HasCanary { get; } = all.Any(IsCanary);

        public Shares All { get; } = new(all);

        public Shares Canaries { get; } = new(all.Any(IsCanary) ? [.. all.Where(IsCanary)] : all);

        public Shares Others { get; } = new(all.Any(destination => !IsCanary(destination)) ? [.. all.Where(destination => !IsCanary(destination))] : all);
    }

    private sealed class Shares
    {
        private readonly DestinationState[] _slots;
        private readonly long _stride;

        public Shares(IReadOnlyList<DestinationState> destinations)
        {
            var weighted = destinations.Where(destination => WeightOf(destination) > 0).ToList();
            var divisor = weighted.Select(WeightOf).Aggregate(0, GreatestCommonDivisor);
            _slots = weighted.Count == 0
                ? [.. destinations] // a caller asked for one that takes no share, or nobody else is left
                : [.. weighted.SelectMany(destination => Enumerable.Repeat(destination, WeightOf(destination) / divisor))];
            // A stride without a common divisor visits every slot once a round, and a golden one does not visit one destination's slots in a row.
            _stride = (long)(_slots.Length * 0.618) + 1;
            while (GreatestCommonDivisor((int)_stride, _slots.Length) != 1)
                _stride++;
        }

        public DestinationState At(long turn) => _slots[(int)(turn % _slots.Length * _stride % _slots.Length)];

        private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
    }
}
