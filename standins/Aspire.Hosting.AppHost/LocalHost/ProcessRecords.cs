using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Aspire.Hosting.LocalHost;

/// <summary>A process that cannot be mistaken for another: a process id alone is reused.</summary>
internal sealed record ProcessRecord(int Id, string Started, string Program, string Resource, int StopSignal)
{
    public static ProcessRecord? Of(int id, string program, string resource, int stopSignal) =>
        StartOf(id) is { } started ? new(id, started, program, resource, stopSignal) : null;

    /// <summary>True while the very process that was recorded lives and runs the program it was started for.</summary>
    public bool IsAlive() => StartOf(Id) == Started && ProgramOf(Id) is { } running
        && (running == Program || Path.GetFileName(running) is "setsid" or "setpriv");

    /// <summary>The words of a running process's command; null when there is none, or when the system does not tell.</summary>
    public static IReadOnlyList<string>? CommandLineOf(int id)
    {
        try
        {
            var words = File.ReadAllText($"/proc/{id}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);
            return words.Length > 0 ? words : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? StartOf(int id)
    {
        try
        {
            if (!OperatingSystem.IsLinux())
                return Process.GetProcessById(id).StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);

            // Field 22 is the start in clock ticks since boot; the name in field 2 may hold spaces, so count from its closing bracket.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()}:{fields[19]}";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? ProgramOf(int id)
    {
        try
        {
            return OperatingSystem.IsLinux()
                ? new FileInfo($"/proc/{id}/exe").LinkTarget
                : Process.GetProcessById(id).MainModule?.FileName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException
            or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}

/// <summary>Which processes this host has started and not yet seen end; on disk, so that the next host can clean up after a kill.</summary>
internal sealed class ProcessRecords(LocalFolders folders)
{
    private readonly Lock _gate = new();
    private readonly List<ProcessRecord> _records = [];

    public void Add(ProcessRecord record)
    {
        lock (_gate)
        {
            _records.Add(record);
            Write();
        }
    }

    public void Remove(ProcessRecord record)
    {
        lock (_gate)
        {
            _records.Remove(record);
            Write();
        }
    }

    /// <summary>Ends what an earlier host left behind: the last started first, politely, then by force after 5 s each.</summary>
    /// <returns>How many processes were ended.</returns>
    public async Task<int> EndLeftoversAsync(CancellationToken cancellationToken)
    {
        var leftovers = Read().Where(r => r.IsAlive()).Reverse().ToList();
        foreach (var group in leftovers.GroupBy(r => r.StopSignal))
        {
            foreach (var record in group)
                Native.Signal(record.Id, record.StopSignal);
            var clock = Stopwatch.StartNew();
            while (group.Any(r => r.IsAlive()) && clock.Elapsed < TimeSpan.FromSeconds(5))
                await Task.Delay(20, cancellationToken);
            foreach (var record in group.Where(r => r.IsAlive()))
                Native.Signal(record.Id, Native.Kill);
        }

        lock (_gate)
            Write();
        return leftovers.Count;
    }

    private List<ProcessRecord> Read()
    {
        try
        {
            return File.Exists(folders.ProcessRecords) ? JsonSerializer.Deserialize<List<ProcessRecord>>(File.ReadAllText(folders.ProcessRecords)) ?? [] : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private void Write() => OwnFile.Write(folders.ProcessRecords, JsonSerializer.Serialize(_records));
}
