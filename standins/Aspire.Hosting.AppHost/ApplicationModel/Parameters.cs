using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value from outside the model: from configuration, or made by its <see cref="ParameterDefault"/>.</summary>
public class ParameterResource : Resource, IExpressionValue
{
    private readonly Lazy<string> _value;

    public ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false) : base(name)
    {
        Secret = secret;
        _value = new(() => callback(Default));
    }

    public ParameterDefault? Default { get; set; }

    public bool Secret { get; }

    public bool IsConnectionString { get; set; }

    public string Value => _value.Value;

    public string ValueExpression => $"{{{Name}.value}}";

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => new(Value);
}

public abstract class ParameterDefault
{
    public abstract string GetDefaultValue();
}

/// <summary>A random value; each kind of character is on unless it is switched off.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    // Characters that are easily confused (i l o I L O) are left out, so that a value can be read from a screen.
    private const string LowerChars = "abcdefghjkmnpqrstuvwxyz";
    private const string UpperChars = "ABCDEFGHJKMNPQRSTUVWXYZ";
    private const string NumericChars = "0123456789";
    private const string SpecialChars = "-_.{}~()*+!";

    public int MinLength { get; set; }

    public bool Lower { get; set; } = true;

    public bool Upper { get; set; } = true;

    public bool Numeric { get; set; } = true;

    public bool Special { get; set; } = true;

    public int MinLower { get; set; }

    public int MinUpper { get; set; }

    public int MinNumeric { get; set; }

    public int MinSpecial { get; set; }

    public override string GetDefaultValue()
    {
        (bool On, string Chars, int Min)[] kinds =
            [(Lower, LowerChars, MinLower), (Upper, UpperChars, MinUpper), (Numeric, NumericChars, MinNumeric), (Special, SpecialChars, MinSpecial)];
        var alphabet = string.Concat(kinds.Where(k => k.On).Select(k => k.Chars));
        var value = kinds.Where(k => k.On).SelectMany(k => RandomNumberGenerator.GetItems<char>(k.Chars, k.Min)).ToList();
        value.AddRange(RandomNumberGenerator.GetItems<char>(alphabet, Math.Max(0, MinLength - value.Count)));
        var shuffled = value.ToArray();
        RandomNumberGenerator.Shuffle<char>(shuffled);
        return new(shuffled);
    }
}
