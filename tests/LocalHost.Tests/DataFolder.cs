using System.Text.Json;
using System.Text.Json.Nodes;

namespace Shabou.LocalHost.Tests;

/// <summary>A data folder for one test, and what the host writes into it.</summary>
internal sealed class DataFolder : IDisposable
{
    public DataFolder()
    {
        Path = Directory.CreateTempSubdirectory("shabou-host-").FullName;
        File.SetUnixFileMode(Path, (UnixFileMode)0b111_101_101); // PostgreSQL may run as another user.
    }

    public string Path { get; }

    public string Secrets => System.IO.Path.Combine(Path, "secrets.json");

    public string Records => System.IO.Path.Combine(Path, "processes.json");

    /// <summary>The processes that the host has recorded as started and not ended.</summary>
    public IReadOnlyList<int> RecordedProcesses() =>
        [.. JsonSerializer.Deserialize<JsonArray>(File.ReadAllText(Records))!.Select(r => r!["Id"]!.GetValue<int>())];

    public static bool IsAlive(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
