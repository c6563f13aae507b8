using Microsoft.Extensions.Options;

namespace Shabou.Gateway.People.SignIn;

/// <summary>Where people sign in. Without ClientId nobody can; the addresses are Google's unless an installation has another provider.</summary>
public sealed class GoogleOptions
{
    public const string Section = "Google";

    /// <summary>Of the OAuth client. Empty: signing in is not set up.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>Of the OAuth client; needed with ClientId.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>The one domain whose accounts may sign in, such as <c>example.tn</c>; needed with ClientId.</summary>
    public string HostedDomain { get; set; } = "";

    public string AuthorizationEndpoint { get; set; } = "https://accounts.google.com/o/oauth2/v2/auth";

    public string TokenEndpoint { get; set; } = "https://oauth2.googleapis.com/token";

    /// <summary>The provider's public keys.</summary>
    public string JwksUri { get; set; } = "https://www.googleapis.com/oauth2/v3/certs";

    /// <summary>Who the provider's identity tokens say they are from; also believed without its <c>https://</c>, as Google sends it at times.</summary>
    public string Issuer { get; set; } = "https://accounts.google.com";

    /// <summary>The provider gets this long to answer each question. Default 10 s.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(10);

    internal bool IsSetUp => ClientId.Length > 0;
}

/// <summary>All of it or nothing: half a set-up would fail the first person instead of the start.</summary>
internal sealed class GoogleRules(IHostEnvironment environment) : IValidateOptions<GoogleOptions>
{
    public ValidateOptionsResult Validate(string? name, GoogleOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var flaws = options.IsSetUp ? FlawsOf(options).ToArray()
            : options.ClientSecret.Length > 0 || options.HostedDomain.Length > 0
                ? ["Google:ClientId is missing while Google:ClientSecret or Google:HostedDomain is set: set it, or none of the three."]
                : [];
        return flaws.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(flaws);
    }

    private IEnumerable<string> FlawsOf(GoogleOptions google)
    {
        if (google.ClientSecret.Length == 0)
            yield return "Google:ClientSecret is missing: set it to the secret of the OAuth client, or leave Google:ClientId out.";
        if (!IsDomain(google.HostedDomain))
            yield return "Google:HostedDomain must be the one domain whose accounts may sign in, in lower case, such as example.tn.";
        if (google.Patience < TimeSpan.FromSeconds(1) || google.Patience > TimeSpan.FromMinutes(2))
            yield return "Google:Patience must be from 1 s to 2 minutes.";
        if (google.Issuer.Length == 0)
            yield return "Google:Issuer is empty: leave it out for Google's.";
        foreach (var (key, address) in ((string, string)[])[
            (nameof(google.AuthorizationEndpoint), google.AuthorizationEndpoint), (nameof(google.TokenEndpoint), google.TokenEndpoint), (nameof(google.JwksUri), google.JwksUri)])
        {
            if (FlawOf(key, address) is { } flaw)
                yield return flaw;
        }
    }

    private string? FlawOf(string key, string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback && environment.IsDevelopment()))
            ? null
            : $"Google:{key} must be an https address; leave it out for Google's.";

    private static bool IsDomain(string domain) =>
        domain.Contains('.', StringComparison.Ordinal) && Uri.CheckHostName(domain) == UriHostNameType.Dns && domain.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-');
}
