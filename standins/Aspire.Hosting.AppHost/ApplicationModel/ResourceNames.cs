using System.Buffers;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The rule for resource names: 1 to 64 characters, an ASCII letter first, then letters, digits and single hyphens.</summary>
internal static class ResourceNames
{
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

    public static void Validate(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > 64 || !char.IsAsciiLetter(name[0]) || name[^1] == '-'
            || name.Contains("--", StringComparison.Ordinal) || name.AsSpan().ContainsAnyExcept(Allowed))
        {
            throw new ArgumentException(
                $"'{name}' is not a resource name: use 1 to 64 ASCII letters, digits and single hyphens, a letter first, no hyphen last.", nameof(name));
        }
    }
}
