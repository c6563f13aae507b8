using System.Text.RegularExpressions;
using Yarp.ReverseProxy.Configuration;

namespace Shabou.Gateway.Routing;

/// <summary>What section ReverseProxy says, with what it leaves out filled in. Nothing of it is checked yet beyond being readable.</summary>
internal sealed partial record RouteSettings(IReadOnlyList<RouteConfig> Routes, IReadOnlyList<ClusterConfig> Clusters)
{
    internal const string Section = "ReverseProxy";

    /// <exception cref="InvalidOperationException">A value has the wrong form, or a setting is one that nobody reads; the message is one sentence.</exception>
    internal static RouteSettings Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        try
        {
            // A misspelt setting would be ignored otherwise: a route whose "Metods" nobody reads answers to all of them.
            var written = section.Get<Written>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new Written();
            return new RouteSettings(
                [.. written.Routes.Select(route => route.Value with { RouteId = route.Key })],
                [.. written.Clusters.Select(cluster => ClusterDefaults.Fill(cluster.Value with { ClusterId = cluster.Key }))]);
        }
        catch (InvalidOperationException unreadable)
        {
            throw new InvalidOperationException(Sentence(section, unreadable), unreadable);
        }
    }

    public bool Equals(RouteSettings? other) => other is not null && Routes.SequenceEqual(other.Routes) && Clusters.SequenceEqual(other.Clusters);

    public override int GetHashCode() => HashCode.Combine(Routes.Count, Clusters.Count);

    // The binder wraps what it means, once for each level it has descended.
    private static string Sentence(IConfigurationSection section, Exception unreadable)
    {
        for (Exception? error = unreadable; error is not null; error = error.InnerException)
        {
            if (WrongForm().Match(error.Message) is { Success: true } wrong)
                return $"{wrong.Groups["key"].Value} is '{wrong.Groups["value"].Value}', which cannot be read: correct it or take it out.";
            if (Unknown().Match(error.Message) is { Success: true } unknown)
                return $"{KeyOf(section, unknown.Groups["name"].Value)} is a setting that nobody reads: correct its name or take it out.";
        }
        return $"Section {Section} cannot be read: {unreadable.GetBaseException().Message}";
    }

    private static string KeyOf(IConfigurationSection section, string name) =>
        section.AsEnumerable().Select(setting => setting.Key).Where(key => key.Split(':').Contains(name, StringComparer.OrdinalIgnoreCase)).MaxBy(key => key.Length) is { } key
            ? key[..(key.LastIndexOf($":{name}", StringComparison.OrdinalIgnoreCase) + name.Length + 1)]
            : name;

    [GeneratedRegex("value '(?<value>[^']*)' at '(?<key>[^']*)'", RegexOptions.CultureInvariant)]
    private static partial Regex WrongForm();

    [GeneratedRegex("not found on the instance of [^:]*: '(?<name>[^']*)'", RegexOptions.CultureInvariant)]
    private static partial Regex Unknown();

    private sealed class Written
    {
        public Dictionary<string, RouteConfig> Routes { get; set; } = new(StringComparer.OrdinalIgnoreCase);

        public Dictionary<string, ClusterConfig> Clusters { get; set; } = new(StringComparer.OrdinalIgnoreCase);
    }
}
