using System.Text.Json;

namespace Aspire.Hosting.LocalHost;

/// <summary>The generated secrets that must survive a restart: one JSON object, readable by its owner only.</summary>
internal sealed class SecretsFile(string path)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly Lock _gate = new();
    private Dictionary<string, string>? _values;

    public string GetOrAdd(string key, Func<string> make)
    {
        lock (_gate)
        {
            _values ??= Read();
            if (!_values.TryGetValue(key, out var value))
            {
                _values[key] = value = make();
                OwnFile.Write(path, JsonSerializer.Serialize(_values, Indented));
            }

            return value;
        }
    }

    private Dictionary<string, string> Read()
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path)) ?? [] : [];
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new LocalHostException($"The secrets file {path} cannot be read ({error.Message.TrimEnd('.')}): restore it, or delete it together with the data folder beside it.");
        }
    }
}

/// <summary>Files that only their owner may read, replaced whole so that a kill never leaves half of one.</summary>
internal static class OwnFile
{
    public static void Write(string path, string text)
    {
        var draft = path + ".new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(draft, options))
            writer.Write(text);
        File.Move(draft, path, overwrite: true);
    }
}
