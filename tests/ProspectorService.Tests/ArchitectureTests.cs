using System.Reflection;
using System.Text.RegularExpressions;
using Shabou.ProspectorService.Budgets;
using Shabou.ProspectorService.Places;

namespace Shabou.ProspectorService.Tests;

public sealed class ArchitectureTests
{
    private static readonly List<(Type In, object Used)> Uses = [.. CompiledCode.UsesOf(typeof(PlacesBudget).Assembly)];

    [Fact]
    public void Only_the_budget_makes_reservations() =>
        Assert.Equal([typeof(PlacesBudget)], UsersOf(used => used is ConstructorInfo { DeclaringType: var type } && type == typeof(Reservation)));

    [Fact]
    public void Only_the_innermost_handler_reads_the_key() =>
        Assert.Equal([typeof(ReservationHandler)], UsersOf(used => used is MethodInfo { Name: "get_ApiKey", DeclaringType: var type } && type == typeof(PlacesOptions)));

    [Fact]
    public void Only_the_options_know_Googles_host() =>
        Assert.Equal([typeof(PlacesOptions)], UsersOf(used => used is string text && text.Contains("googleapis", StringComparison.OrdinalIgnoreCase)));

    [Fact]
    public void Only_the_innermost_handler_sends_the_key_and_only_the_setup_opens_connections()
    {
        Assert.Equal([typeof(ReservationHandler)], UsersOf(used => used is "X-Goog-Api-Key"));
        Assert.Equal([typeof(PlacesSetup)], UsersOf(used => used is ConstructorInfo { DeclaringType: var type } && (type == typeof(SocketsHttpHandler) || type == typeof(HttpClientHandler))));
        Assert.Empty(UsersOf(used => used is ConstructorInfo { DeclaringType: var type } && (type == typeof(HttpClient) || type == typeof(HttpMessageInvoker))));
    }

    [Fact]
    public void Only_the_client_of_Places_sends_requests_and_nobody_takes_a_client_from_the_factory()
    {
        Assert.Equal([typeof(PlacesClient)], UsersOf(used => used is MethodInfo { DeclaringType: var type } method && IsSending(type!, method.Name)));
        Assert.Empty(UsersOf(used => used is MethodInfo { Name: "CreateClient" or "CreateHandler" }));
    }

    [Fact]
    public void The_only_thing_ever_asked_of_Google_is_a_text_search()
    {
        Assert.Equal([typeof(PlacesClient)], UsersOf(used => used is ConstructorInfo { DeclaringType: var type } && type == typeof(HttpRequestMessage)));
        var paths = Uses.Select(use => use.Used).OfType<string>().Where(text => Regex.IsMatch(text, "^/?v[0-9]+/|places[:/]")).Distinct();
        Assert.Equal(["v1/places:searchText"], paths);
    }

    // Verbs of HttpClient itself, of its base class, which declares SendAsync, and of the JSON helpers.
    private static bool IsSending(Type type, string method) =>
        (typeof(HttpMessageInvoker).IsAssignableFrom(type) || type.Namespace == "System.Net.Http.Json") && method is not "Create" && method.EndsWith("Async", StringComparison.Ordinal);

    private static List<Type> UsersOf(Func<object, bool> what) => [.. Uses.Where(use => what(use.Used)).Select(use => use.In).Distinct()];
}
