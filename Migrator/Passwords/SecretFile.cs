namespace Shabou.Migrator.Passwords;

/// <summary>Writes a file that only its owner and group read, whole or not at all.</summary>
internal static class SecretFile
{
    public static async Task WriteAsync(string path, string value, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var draft = path + ".new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        await using (var stream = new StreamWriter(draft, options)) await stream.WriteAsync(value.AsMemory(), cancellationToken);
        File.Move(draft, path, overwrite: true);
    }
}
