using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shabou.Gateway.Tests.Servers;
using Shabou.Schema.Identity;

namespace Shabou.Gateway.Tests.People;

public sealed class GoogleSignInTests(GatewayFixture fixture, PeopleFixture people) : IClassFixture<PeopleFixture>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Somebody_of_the_domain_comes_back_with_a_code_and_may_do_nothing_yet()
    {
        var account = people.Provider.Account = Account.Someone();
        using var browser = new Browser(people.Gateway);
        using var back = await browser.GetAsync(await browser.SignInAtProviderAsync(PeopleFixture.ReturnUrl, PeopleFixture.Challenge));
        Assert.Equal(HttpStatusCode.Redirect, back.StatusCode);
        Assert.StartsWith(PeopleFixture.ReturnUrl + "&code=", back.Headers.Location!.AbsoluteUri, StringComparison.Ordinal);
        Assert.Contains("no-store", back.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Empty(browser.Cookies); // the sign-in is over, and so is its cookie

        await using var context = fixture.Postgres.Context();
        var user = await context.Users.SingleAsync(u => u.Subject == account.Subject, Cancelled);
        Assert.Equal((account.Email, account.Name, UserRole.NoAccess), (user.Email, user.Name, user.Role));
    }

    [Fact]
    public async Task A_name_and_an_address_that_changed_at_Google_change_here_and_the_role_stays()
    {
        var before = people.Provider.Account = Account.Someone();
        await people.CodeAsync();
        await using var context = fixture.Postgres.Context();
        await context.Users.Where(u => u.Subject == before.Subject).ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, UserRole.User), Cancelled);

        people.Provider.Account = before with { Email = "new-" + before.Email, Name = "Amira Trabelsi" };
        await people.CodeAsync();
        people.Provider.Account = Account.Someone() with { Email = "new-" + before.Email }; // the address goes to somebody else
        await people.CodeAsync();

        var users = await context.Users.Where(u => u.Subject == before.Subject || u.Email == "new-" + before.Email).OrderBy(u => u.Id).ToListAsync(Cancelled);
        Assert.Equal(("Amira Trabelsi", UserRole.User), (users[0].Name, users[0].Role));
        Assert.Equal(("new-" + before.Email, UserRole.NoAccess), (users[1].Email, users[1].Role));
    }

    [Theory]
    [InlineData(Lie.OtherDomain, "Only accounts of shop.example may sign in")]
    [InlineData(Lie.NoDomain, "Only accounts of shop.example may sign in")]
    [InlineData(Lie.EmailUnverified, "has not verified the e-mail address")]
    [InlineData(Lie.Audience, "meant for another application")]
    [InlineData(Lie.Issuer, "not from Google")]
    [InlineData(Lie.Nonce, "belongs to another sign-in")]
    [InlineData(Lie.NoNonce, "belongs to another sign-in")]
    [InlineData(Lie.Expired, "has expired")]
    [InlineData(Lie.NotYet, "not valid yet")]
    [InlineData(Lie.NoExpiry, "has expired")]
    [InlineData(Lie.OtherKey, "not signed by Google")]
    [InlineData(Lie.UnknownKey, "not signed by Google")]
    [InlineData(Lie.NotSigned, "not signed by Google")]
    [InlineData(Lie.Hmac, "not signed by Google")]
    [InlineData(Lie.NoIdToken, "no identity token")]
    [InlineData(Lie.Cancelled, "was cancelled")]
    public async Task What_Google_does_not_vouch_for_is_refused_with_its_reason_and_nothing_is_stored(Lie lie, string sentence) =>
        await RefusedAsync(lie, Account.Someone(), HttpStatusCode.Forbidden, "forbidden", sentence);

    [Theory]
    [InlineData("@rival.example")]
    [InlineData("@shop.example.rival.example")]
    [InlineData("@not-shop.example")]
    public async Task An_address_outside_the_domain_is_refused_even_when_the_token_names_the_domain(string ending) =>
        await RefusedAsync(Lie.None, Account.Someone() with { Email = "amira" + ending }, HttpStatusCode.Forbidden, "forbidden", "not one of shop.example");

    [Theory]
    [InlineData(Lie.ClientRefused, "Google refused this gateway (invalid_client)")]
    [InlineData(Lie.NoAnswer, "Google does not answer, or not as it should")]
    public async Task A_failure_of_Google_is_called_one(Lie lie, string sentence) =>
        await RefusedAsync(lie, Account.Someone(), HttpStatusCode.BadGateway, "upstream-failed", sentence);

    [Fact]
    public async Task Who_comes_without_an_application_is_shown_a_code_that_works()
    {
        people.Provider.Account = Account.Someone() with { Name = "<script>alert(1)</script>" };
        using var browser = new Browser(people.Gateway);
        using var page = await browser.GetAsync(await browser.SignInAtProviderAsync());
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        var html = await page.Content.ReadAsStringAsync(Cancelled);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        var code = Regex.Match(html, "\"code\":\"([^\"]{43})\"").Groups[1].Value;
        using var tokens = await people.PostAsync("token", new { grantType = "code", code });
        Assert.Equal(HttpStatusCode.OK, tokens.StatusCode);
    }

    [Fact]
    public async Task A_code_of_Google_is_not_taken_twice()
    {
        people.Provider.Account = Account.Someone();
        using var browser = new Browser(people.Gateway);
        var callback = await browser.SignInAtProviderAsync();
        var cookies = browser.Cookies.ToArray();
        using (var first = await browser.GetAsync(callback))
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        foreach (var (name, value) in cookies)
            browser.Cookies[name] = value;
        using var second = await browser.GetAsync(callback);
        Assert.Contains("used before", await second.ProblemAsync(HttpStatusCode.Forbidden, "forbidden"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_that_was_changed_or_comes_from_another_browser_is_refused()
    {
        people.Provider.Account = Account.Someone();
        using var browser = new Browser(people.Gateway);
        var callback = await browser.SignInAtProviderAsync();
        var query = QueryHelpers.ParseQuery(callback.Query);
        var state = query["state"].ToString();
        var changed = state[..20] + (state[20] == 'A' ? 'B' : 'A') + state[21..];
        foreach (var wrong in (string?[])[changed, "", null])
        {
            var address = QueryHelpers.AddQueryString(callback.GetLeftPart(UriPartial.Path), new Dictionary<string, string?> { ["code"] = query["code"], ["state"] = wrong }.Where(pair => pair.Value is not null));
            using var refused = await browser.GetAsync(new Uri(address));
            Assert.Contains("was not begun in this browser", await refused.ProblemAsync(HttpStatusCode.BadRequest, "bad-request"), StringComparison.Ordinal);
        }
        using var other = new Browser(people.Gateway);
        using var stolen = await other.GetAsync(callback);
        Assert.Contains("was not begun in this browser", await stolen.ProblemAsync(HttpStatusCode.BadRequest, "bad-request"), StringComparison.Ordinal);
        Assert.False(await IsKnownAsync(people.Provider.Account));
    }

    [Fact]
    public async Task The_cookie_of_a_sign_in_is_for_this_host_only_short_lived_and_out_of_reach_of_scripts()
    {
        using var browser = new Browser(people.Gateway);
        await browser.SignInAtProviderAsync();
        var cookie = Assert.Single(browser.SetCookies);
        Assert.StartsWith("__Host-", cookie, StringComparison.Ordinal);
        var attributes = cookie.Split("; ").Skip(1).Select(part => part.ToLowerInvariant()).ToArray();
        Assert.Superset(new HashSet<string> { "path=/", "secure", "httponly", "samesite=lax" }, attributes.ToHashSet());
        Assert.DoesNotContain(attributes, part => part.StartsWith("domain", StringComparison.Ordinal));
        var expires = DateTimeOffset.Parse(attributes.Single(part => part.StartsWith("expires=", StringComparison.Ordinal))["expires=".Length..], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(expires, DateTimeOffset.UtcNow.AddMinutes(5), DateTimeOffset.UtcNow.AddMinutes(11));
    }

    [Fact]
    public async Task Any_gateway_finishes_what_another_began()
    {
        people.Provider.Account = Account.Someone();
        using var second = people.Another();
        using var browser = new Browser(people.Gateway);
        var callback = await browser.SignInAtProviderAsync(PeopleFixture.ReturnUrl, PeopleFixture.Challenge);
        // One address in front of both: the provider compares what the second sends with what the first began.
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(second.Https, callback.PathAndQuery));
        request.Headers.Host = callback.Authority;
        request.Headers.Add("Cookie", string.Join("; ", browser.Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        using var client = second.Client();
        using var back = await client.SendAsync(request, Cancelled);
        Assert.Equal(HttpStatusCode.Redirect, back.StatusCode);
        var code = QueryHelpers.ParseQuery(back.Headers.Location!.Query)["code"].ToString();
        using var tokens = await people.ExchangeAsync(code); // and the first gives tokens for the second's code
        Assert.Equal(HttpStatusCode.OK, tokens.StatusCode);
    }

    [Theory]
    [InlineData("https://www.shabouautopieces.tn.rival.example/")]
    [InlineData("https://www.shabouautopieces.tn@rival.example/")]
    [InlineData("https://rival.example/https://www.shabouautopieces.tn")]
    [InlineData("https://www.shabouautopieces.tn:8443/")]
    [InlineData("http://www.shabouautopieces.tn/")]
    [InlineData("//rival.example/")]
    [InlineData("/\\rival.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://www.shabouautopieces.tn/#here")]
    [InlineData(" https://www.shabouautopieces.tn/")]
    public async Task A_return_address_that_is_not_on_the_list_is_refused(string address)
    {
        using var browser = new Browser(people.Gateway);
        using var refused = await browser.GetAsync(new Uri(people.Gateway.Https, QueryHelpers.AddQueryString("/api/v1/auth/google",
            new Dictionary<string, string?> { ["returnUrl"] = address, ["codeChallenge"] = PeopleFixture.Challenge })));
        Assert.Contains("returnUrl", await refused.ProblemAsync(HttpStatusCode.BadRequest, "validation"), StringComparison.Ordinal);
        Assert.Empty(browser.SetCookies);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("short")]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM")]
    public async Task An_application_that_brings_no_code_challenge_is_refused(string? challenge)
    {
        using var browser = new Browser(people.Gateway);
        using var refused = await browser.GetAsync(new Uri(people.Gateway.Https, QueryHelpers.AddQueryString("/api/v1/auth/google",
            new Dictionary<string, string?> { ["returnUrl"] = PeopleFixture.ReturnUrl, ["codeChallenge"] = challenge }.Where(pair => pair.Value is not null))));
        Assert.Contains("codeChallenge", await refused.ProblemAsync(HttpStatusCode.BadRequest, "validation"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_is_not_set_up_says_what_is_missing()
    {
        using var gateway = fixture.Gateway();
        using var client = gateway.Client();
        foreach (var path in (string[])["/api/v1/auth/google", "/api/v1/auth/google/callback?code=a&state=b"])
        {
            using var refused = await client.GetAsync(new Uri(path, UriKind.Relative), Cancelled);
            Assert.Contains("Google:ClientId", await refused.ProblemAsync(HttpStatusCode.NotFound, "not-found"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Google:ClientId", "", "Google:ClientId is missing")]
    [InlineData("Google:ClientSecret", "", "Google:ClientSecret is missing")]
    [InlineData("Google:HostedDomain", "", "Google:HostedDomain must be")]
    [InlineData("Google:HostedDomain", "Shop.Example", "Google:HostedDomain must be")]
    [InlineData("Google:TokenEndpoint", "http://rival.example/token", "Google:TokenEndpoint must be an https address")]
    [InlineData("Google:Patience", "00:00:00", "Google:Patience must be")]
    [InlineData("Sessions:RefreshFor", "91.00:00:00", "Sessions:RefreshFor")]
    [InlineData("Sessions:LastFor", "01:00:00", "Sessions:RefreshFor must not exceed Sessions:LastFor")]
    public void Half_a_set_up_refuses_to_start_and_is_named(string key, string value, string sentence)
    {
        using var gateway = people.Another((key, value));
        Assert.Contains(sentence, Assert.Throws<OptionsValidationException>(gateway.StartServer).Message, StringComparison.Ordinal);
    }

    private async Task RefusedAsync(Lie lie, Account account, HttpStatusCode status, string kind, string sentence)
    {
        people.Provider.Account = account;
        try
        {
            people.Provider.Lie = lie;
            using var browser = new Browser(people.Gateway);
            using var refused = await browser.GetAsync(await browser.SignInAtProviderAsync(PeopleFixture.ReturnUrl, PeopleFixture.Challenge));
            Assert.Contains(sentence, await refused.ProblemAsync(status, kind), StringComparison.Ordinal);
        }
        finally
        {
            people.Provider.Lie = Lie.None;
        }
        Assert.False(await IsKnownAsync(account));
    }

    private async Task<bool> IsKnownAsync(Account account)
    {
        await using var context = fixture.Postgres.Context();
        return await context.Users.AnyAsync(u => u.Subject == account.Subject, Cancelled);
    }
}
