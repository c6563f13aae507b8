using System.Diagnostics;
using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Shabou.Jobs;
using Shabou.ProspectorService.Budgets;
using Shabou.ProspectorService.Places;
using Shabou.Schema;

namespace Shabou.ProspectorService.Tests;

/// <summary>Nobody goes around the budget: read from the compiled code of everything that runs in the service.</summary>
public sealed class ArchitectureTests
{
    private static readonly List<(Type In, object Used)> Uses =
        [.. new[] { typeof(PlacesBudget), typeof(JobQueue), typeof(ShabouContext), typeof(ServiceDefaults.ServiceDefaults) }.SelectMany(type => CompiledCode.UsesOf(type.Assembly))
            .Where(use => use.In.Namespace != "Microsoft.AspNetCore.OpenApi.Generated")]; // the comments of the code, as texts for its description

    private static readonly List<(Type In, object Used)> Trespasses = [.. CompiledCode.UsesOf(typeof(Trespasser).Assembly).Where(use => use.In == typeof(Trespasser))];

    private const string Budgets = "Shabou.ProspectorService.Budgets", Places = "Shabou.ProspectorService.Places";

    /// <summary>What is guarded, and the namespaces whose types may use it.</summary>
    private static readonly Dictionary<string, (Func<object, bool> Uses, string[] Allowed)> Rules = new()
    {
        ["the key"] = (used => IsCall(used, typeof(PlacesOptions), "get_ApiKey") || Mentions(used, "Places:ApiKey") || Mentions(used, "Places__ApiKey"), [Places]),
        ["the host"] = (used => IsCall(used, typeof(PlacesOptions), "get_Endpoint") || Mentions(used, "googleapis") || Mentions(used, "Places:Endpoint") || Mentions(used, "places:search"), [Places]),
        ["the key's header"] = (used => used is string text && text.Equals("X-Goog-Api-Key", StringComparison.OrdinalIgnoreCase), [Places]),
        ["making a reservation"] = (used => IsMade(used, typeof(Reservation)), [Budgets]),
        ["attaching a reservation"] = (used => used is FieldInfo { Name: nameof(Reservation.OptionsKey) }, [Budgets, Places]),
        ["the ledger"] = (used => used is MethodBase { DeclaringType: { } type } && type == typeof(BudgetLedger), [Budgets]),
        ["a client of the factory"] = (used => used is MethodInfo { Name: "CreateClient" or "CreateHandler" } && ((MethodInfo)used).DeclaringType?.Namespace == "System.Net.Http", ["Shabou.Jobs.Alerts", "Shabou.ServiceDefaults.Auth"]), // the webhook; the public keys of tokens
        ["an HTTP client of its own"] = (used => IsMade(used, typeof(HttpClient)) || IsMade(used, typeof(HttpMessageInvoker)), []),
        ["a connection"] = (used => used is MethodBase { DeclaringType: { } type } && (type == typeof(SocketsHttpHandler) || type == typeof(HttpClientHandler) || type == typeof(WebRequest)
            || type.Namespace is "System.Net.Sockets" or "System.Net.WebSockets"), [Places]),
        ["another program"] = (used => used is MethodBase { DeclaringType: { } type } method && (type == typeof(ProcessStartInfo) || (type == typeof(Process) && method.Name == "Start")), []),
    };

    public static TheoryData<string> Guarded => [.. Rules.Keys];

    [Theory, MemberData(nameof(Guarded))]
    public void Outside_the_budget_and_the_client_nobody_touches(string guarded) =>
        Assert.Empty(Uses.Where(use => Rules[guarded].Uses(use.Used) && !Rules[guarded].Allowed.Contains(use.In.Namespace)).Select(use => use.In.FullName).Distinct());

    [Theory, MemberData(nameof(Guarded))]
    public void Who_touches_it_is_noticed(string guarded) => Assert.Contains(Trespasses, use => Rules[guarded].Uses(use.Used));

    [Fact]
    public void Inside_it_is_one_class_each()
    {
        Assert.Equal([typeof(PlacesBudget)], UsersOf("making a reservation"));
        Assert.Equal([typeof(ReservationHandler)], UsersOf(used => IsCall(used, typeof(PlacesOptions), "get_ApiKey")));
        Assert.Equal([typeof(ReservationHandler)], UsersOf("the key's header"));
        Assert.Equal([typeof(PlacesOptions)], UsersOf(used => Mentions(used, "googleapis")));
        Assert.Equal([typeof(PlacesSetup)], UsersOf("a connection"));
    }

    [Fact]
    public void Only_the_client_of_Places_sends_requests() =>
        Assert.Equal([typeof(PlacesClient)], UsersOf(used => used is MethodInfo { DeclaringType: { } type } method && IsSending(type, method.Name)).Where(type => type.Assembly == typeof(PlacesBudget).Assembly));

    [Fact]
    public void The_only_thing_ever_asked_of_Google_is_a_text_search()
    {
        var ours = Uses.Where(use => use.In.Assembly == typeof(PlacesBudget).Assembly).ToList();
        Assert.Equal([typeof(PlacesClient)], ours.Where(use => IsMade(use.Used, typeof(HttpRequestMessage))).Select(use => use.In).Distinct());
        var paths = ours.Select(use => use.Used).OfType<string>().Where(text => Regex.IsMatch(text, "^/?v[0-9]+/|places[:/]")).Distinct();
        Assert.Equal(["v1/places:searchText"], paths);
    }

    // Verbs of HttpClient itself, of its base class, which declares SendAsync, and of the JSON helpers.
    private static bool IsSending(Type type, string method) =>
        (typeof(HttpMessageInvoker).IsAssignableFrom(type) || type.Namespace == "System.Net.Http.Json") && method is not "Create" && method.EndsWith("Async", StringComparison.Ordinal);

    private static bool IsCall(object used, Type of, string method) => used is MethodInfo { DeclaringType: { } type } call && type == of && call.Name == method;

    private static bool IsMade(object used, Type what) => used is ConstructorInfo { DeclaringType: { } type } && type == what;

    private static bool Mentions(object used, string text) => used is string said && said.Contains(text, StringComparison.OrdinalIgnoreCase);

    private static List<Type> UsersOf(string guarded) => UsersOf(Rules[guarded].Uses);

    private static List<Type> UsersOf(Func<object, bool> what) => [.. Uses.Where(use => what(use.Used)).Select(use => use.In).Distinct()];
}
