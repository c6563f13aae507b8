using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>An interpolated string whose holes (endpoints, parameters, connection strings) are filled when a resource starts.</summary>
public class ReferenceExpression : IExpressionValue, IValueWithReferences
{
    private ReferenceExpression(string format, IReadOnlyList<IValueProvider> valueProviders, IReadOnlyList<string?> stringFormats)
    {
        Format = format;
        ValueProviders = valueProviders;
        StringFormats = stringFormats;
    }

    public string Format { get; }

    public IReadOnlyList<IValueProvider> ValueProviders { get; }

    public IReadOnlyList<string?> StringFormats { get; }

    public string ValueExpression => string.Format(CultureInfo.InvariantCulture, Format,
        [.. ValueProviders.Select(v => (v as IManifestExpressionProvider)?.ValueExpression)]);

    IEnumerable<object> IValueWithReferences.References => ValueProviders;

    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.Build();

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken)
    {
        var values = new object?[ValueProviders.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var value = await ValueProviders[i].GetValueAsync(cancellationToken);
            values[i] = StringFormats[i] switch
            {
                null => value,
                "uri" => Uri.EscapeDataString(value ?? ""),
                var other => throw new FormatException($"'{other}' is not a format of a reference expression; 'uri' is."),
            };
        }

        return string.Format(CultureInfo.InvariantCulture, Format, values);
    }

    [InterpolatedStringHandler]
    public ref struct ExpressionInterpolatedStringHandler
    {
        private readonly StringBuilder _format;
        private readonly List<IValueProvider> _values;
        private readonly List<string?> _formats;

        public ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
        {
            _format = new(literalLength + formattedCount * 4);
            _values = new(formattedCount);
            _formats = new(formattedCount);
        }

        public readonly void AppendLiteral(string value) => _format.Append(value.Replace("{", "{{").Replace("}", "}}"));

        public readonly void AppendFormatted(string? value) => AppendLiteral(value ?? "");

        public readonly void AppendFormatted(string? value, string? format = null) =>
            AppendLiteral(format == "uri" ? Uri.EscapeDataString(value ?? "") : value ?? "");

        public readonly void AppendFormatted<T>(T valueProvider) where T : IValueProvider, IManifestExpressionProvider => Append(valueProvider, null);

        public readonly void AppendFormatted<T>(T valueProvider, string? format = null) where T : IValueProvider, IManifestExpressionProvider =>
            Append(valueProvider, format);

        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider) where T : IResource, IValueProvider, IManifestExpressionProvider =>
            Append(valueProvider.Resource, null);

        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider, string? format = null)
            where T : IResource, IValueProvider, IManifestExpressionProvider => Append(valueProvider.Resource, format);

        internal readonly ReferenceExpression Build() => new(_format.ToString(), [.. _values], [.. _formats]);

        private readonly void Append(IValueProvider value, string? format)
        {
            _format.Append(CultureInfo.InvariantCulture, $"{{{_values.Count}}}");
            _values.Add(value);
            _formats.Add(format);
        }
    }
}
