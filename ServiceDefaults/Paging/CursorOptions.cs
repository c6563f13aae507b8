using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Shabou.ServiceDefaults.Paging;

/// <summary>The secret that signs the cursors of lists.</summary>
public sealed class CursorOptions
{
    public const string Section = "Cursors";

    internal const int ShortestKey = 32;

    /// <summary>At least 32 characters, the same on every replica. No default: without it a program with lists does not start.</summary>
    public string Key { get; set; } = "";
}

public static class CursorSetup
{
    private const string Missing = "Cursors:Key is missing or shorter than 32 characters: give every service the same random secret (environment Cursors__Key).";

    /// <summary>For programs that answer lists in pages. Without <c>Cursors:Key</c> the host refuses to start.</summary>
    public static TBuilder AddCursors<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddOptions<CursorOptions>()
            .BindConfiguration(CursorOptions.Section)
            .Validate(options => options.Key is { Length: >= CursorOptions.ShortestKey }, Missing) // names the key, as annotations would not
            .ValidateOnStart();
        builder.Services.TryAddSingleton<Cursors>();
        return builder;
    }
}
