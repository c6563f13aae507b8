using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Shabou.Testing;

/// <summary>A file system in memory of a few megabytes, which a test fills to the last byte. Needs the right to mount.</summary>
public sealed class SmallFileSystem : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;

    private SmallFileSystem(DirectoryInfo folder) => _folder = folder;

    /// <summary>Where it is mounted.</summary>
    public string Folder => _folder.FullName;

    private string Ballast => Path.Combine(Folder, "ballast");

    /// <exception cref="NotSupportedException">It cannot be mounted here, and why: for the <c>SkipExceptions</c> of a test.</exception>
    public static async Task<SmallFileSystem> MountAsync(int megabytes)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) throw new NotSupportedException("Mounting a small disk needs Linux and root.");
        var folder = Directory.CreateTempSubdirectory("shabou-small-disk-");
        if (await RunAsync("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m,mode=755"), "tmpfs", folder.FullName) is { } refused)
        {
            folder.Delete();
            throw new NotSupportedException($"No small disk can be mounted here: {refused}");
        }
        return new(folder);
    }

    /// <summary>Takes every byte but so many.</summary>
    public async Task FillAsync(long leave = 0)
    {
        await using var ballast = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        foreach (var size in (int[])[1 << 20, 1 << 12, 1])
        {
            try
            {
                while (leave == 0 || new DriveInfo(Folder).AvailableFreeSpace - size >= leave) await ballast.WriteAsync(new byte[size], TestContext.Current.CancellationToken);
                if (size == 1 << 12) return; // it counts in pages
            }
            catch (IOException)
            {
                // full, for blocks of this size
            }
        }
    }

    /// <summary>Gives back what <see cref="FillAsync"/> took.</summary>
    public void Free() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        Free();
        await RunAsync("umount", "--lazy", Folder);
        _folder.Delete(recursive: true);
    }

    /// <returns>What it said when it failed; null when it did what it was asked.</returns>
    internal static async Task<string?> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? null : (errors + await output).Trim();
    }
}
