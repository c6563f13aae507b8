using System.Buffers;
using System.Data.Common;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace Shabou.ServiceDefaults.Telemetry;

/// <summary>Replaces secrets in text by <c>***</c>: what looks like one (passwords in connection strings and URLs, keys in headers and
/// queries, bearer tokens) and what is one by configuration.</summary>
/// <remarks>Configured secrets are read once, at the first use: keys that end in Password, Secret, Token, ApiKey or MasterKey, <c>Cursors:Key</c>,
/// and the passwords inside ConnectionStrings. Values shorter than 8 characters are left out, as they would hit ordinary words.</remarks>
internal sealed partial class Redactor(IConfiguration configuration)
{
    internal const string Mask = "***";
    private const int ShortestSecret = 8;

    private static readonly SearchValues<string> Words = SearchValues.Create(
        ["password", "passwd", "pwd", "api-key", "service-key", "bearer ", "basic ", "key=", "token=", "secret=", "signature="], StringComparison.OrdinalIgnoreCase);

    private readonly Lazy<(string[] Values, SearchValues<string> Search)> _configured = new(() =>
    {
        var values = SecretsOf(configuration).Where(value => value.Length >= ShortestSecret).Distinct().OrderByDescending(value => value.Length).ToArray();
        return (values, SearchValues.Create(values, StringComparison.Ordinal));
    });

    public string Redact(string text)
    {
        var (values, search) = _configured.Value;
        if (text.AsSpan().ContainsAny(search))
        {
            text = values.Aggregate(text, (current, value) => current.Replace(value, Mask, StringComparison.Ordinal));
        }

        if (!MayLookSecret(text))
        {
            return text;
        }

        try
        {
            return LooksSecret().Replace(text, static match => match.Groups["keep"].Value + Mask);
        }
        catch (RegexMatchTimeoutException)
        {
            return "(withheld: the text could not be checked for secrets in time)";
        }
    }

    // Each alternative of LooksSecret has one of these, or the last one's two; most text has none, and this asks at the speed of memory.
    private static bool MayLookSecret(string text) =>
        text.AsSpan().ContainsAny(Words) || (text.Contains('@', StringComparison.Ordinal) && text.Contains("://", StringComparison.Ordinal));

    private static IEnumerable<string> SecretsOf(IConfiguration configuration)
    {
        foreach (var (key, value) in configuration.AsEnumerable())
        {
            if (string.IsNullOrEmpty(value))
            {
                continue;
            }

            if (SecretKey().IsMatch(key))
            {
                yield return value;
            }
            else if (key.StartsWith("ConnectionStrings:", StringComparison.OrdinalIgnoreCase) && PasswordIn(value) is { } password)
            {
                yield return password;
            }
        }
    }

    // PostgreSQL separates by semicolons, Redis by commas and has no name for the first part.
    private static string? PasswordIn(string connectionString)
    {
        if (!connectionString.Contains(';', StringComparison.Ordinal))
        {
            return RedisPassword().Match(connectionString) is { Success: true } match ? match.Groups["value"].Value : null;
        }

        try
        {
            var parts = new DbConnectionStringBuilder { ConnectionString = connectionString };
            return (parts.TryGetValue("Password", out var password) || parts.TryGetValue("Pwd", out password)) ? password.ToString() : null;
        }
        catch (ArgumentException)
        {
            return null; // whoever connects with it says so better
        }
    }

    [GeneratedRegex("""
        (?<keep>\b(?:password|passwd|pwd)["']?\s?[=:]\s?)(?:'[^']*'|"[^"]*"|[^;\s"'&,]+)
        |(?<keep>\b(?:X-Api-Key|X-Service-Key|X-Goog-Api-Key)["']?\s?[=:]\s?["'\[]?)[^\s,;"'\]]+
        |(?<keep>\b(?:Bearer|Basic)\x20)[A-Za-z0-9._~+/=-]{8,}
        |(?<keep>[?&](?:key|api_?key|token|access_token|refresh_token|secret|password|signature)=)[^&\s"'#]+
        |(?<keep>://[^\s:/@]{1,64}:)[^\s/@]+(?=@)
        """, RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 250)]
    private static partial Regex LooksSecret();

    [GeneratedRegex(@"(?:password|secret|token|api[-_]?key|master[-_]?key)$|^Cursors:Key$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretKey();

    [GeneratedRegex(@"(?:^|,)password=(?<value>[^,]+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RedisPassword();
}
