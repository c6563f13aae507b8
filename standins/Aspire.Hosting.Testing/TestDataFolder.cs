namespace Aspire.Hosting.Testing;

/// <summary>An empty folder for one application, removed with it.</summary>
internal sealed class TestDataFolder
{
    public TestDataFolder()
    {
        Path = Directory.CreateTempSubdirectory("shabou-test-").FullName;
        // PostgreSQL may run as another user, who must get through to its own folder inside.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    public string Path { get; }

    public void Remove()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A folder that stays in the temporary directory harms no later test.
        }
    }
}
