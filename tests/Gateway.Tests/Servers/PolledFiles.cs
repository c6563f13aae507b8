using System.Runtime.CompilerServices;

namespace Shabou.Gateway.Tests.Servers;

/// <summary>Every gateway watches its configuration, and these tests start hundreds: more than a machine may have watches (inotify). Polled files need none.</summary>
internal static class PolledFiles
{
    [ModuleInitializer]
    internal static void Set() => Environment.SetEnvironmentVariable("DOTNET_USE_POLLING_FILE_WATCHER", "true");
}
