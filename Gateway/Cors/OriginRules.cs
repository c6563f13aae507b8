using System.Text;
using Microsoft.Extensions.Options;

namespace Shabou.Gateway.Cors;

/// <summary>Nothing that is not exactly what a browser sends gets into the list: a pattern would let in whoever matches it, and a slip of
/// the pen would shut out the shop on the day of release.</summary>
internal sealed class OriginRules(IHostEnvironment environment, IConfiguration configuration) : IValidateOptions<OriginOptions>
{
    private const string Example = "https://shabouautopieces.tn";

    public ValidateOptionsResult Validate(string? name, OriginOptions options)
    {
        if (configuration[OriginOptions.Section] is { Length: > 0 })
            return ValidateOptionsResult.Fail($"{OriginOptions.Section} is one text: write a list, {OriginOptions.Section}:0, :1 and so on.");
        if (options.Origins.Count == 0)
            return ValidateOptionsResult.Fail($"{OriginOptions.Section} is empty: name at least one origin, such as {Example}, or leave it out.");
        var faults = options.Origins.Select(Fault).Where(fault => fault is not null);
        return faults.FirstOrDefault() is { } fault ? ValidateOptionsResult.Fail(fault) : ValidateOptionsResult.Success;
    }

    private string? Fault(string origin, int index) => Remedy(origin) is { } remedy
        ? $"{OriginOptions.Section}:{index} is '{origin}': {remedy}; an origin is scheme, host and port as browsers send them, such as {Example}."
        : null;

    private string? Remedy(string origin)
    {
        if (origin.Contains('*', StringComparison.Ordinal))
            return "name each origin instead of a wildcard";
        if (string.IsNullOrWhiteSpace(origin) || origin == "null")
            return "take it out, since any sandboxed page can send it";
        if (!Ascii.IsValid(origin))
            return "write the host in its ASCII form, with xn--";
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http"))
            return "begin with https:// and a host";
        if (uri.Scheme == "http" && !environment.IsDevelopment())
            return "use https, as http pages can be changed by anybody on the way";
        if (uri.UserInfo.Length > 0)
            return "leave out the user";
        if (origin.EndsWith('/'))
            return "leave out the slash at the end";
        if (uri.PathAndQuery != "/" || uri.Fragment.Length > 0)
            return "leave out everything after the host";
        if (uri.Host.EndsWith('.'))
            return "leave out the dot at the end";
        return origin == uri.GetLeftPart(UriPartial.Authority) ? null : $"write {uri.GetLeftPart(UriPartial.Authority)}";
    }
}
