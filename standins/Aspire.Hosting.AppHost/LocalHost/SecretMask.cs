using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.LocalHost;

/// <summary>Knows every secret that was given to a process, and hides it wherever text is shown.</summary>
internal sealed class SecretMask
{
    private const string Dots = "••••••";
    private readonly ConcurrentDictionary<string, bool> _secrets = new();

    /// <summary>Remembers the secret parameters that a value is made of.</summary>
    public void Learn(object value)
    {
        HashSet<object> seen = []; // A connection string names its server's endpoint, whose server has that connection string.
        Visit(value);

        void Visit(object part)
        {
            if (part is IResourceBuilder<IResource> builder)
                part = builder.Resource;
            if (part is ParameterResource { Secret: true, Value: { Length: > 3 } secret })
            {
                _secrets[secret] = true;
                _secrets[Uri.EscapeDataString(secret)] = true;
            }

            if (part is not IValueWithReferences holder || !seen.Add(part))
                return;
            foreach (var reference in holder.References)
                Visit(reference);
        }
    }

    [return: NotNullIfNotNull(nameof(text))]
    public string? Mask(string? text)
    {
        if (text is null)
            return null;
        foreach (var secret in _secrets.Keys.OrderByDescending(s => s.Length))
            text = text.Replace(secret, Dots, StringComparison.Ordinal);
        return text;
    }
}
