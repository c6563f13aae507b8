using System.Globalization;
using System.Text.RegularExpressions;

namespace Shabou.Standby.Servers;

/// <summary>Where a standby of ours looks for us. What else its <c>primary_conninfo</c> says, such as a container's name for this machine, is left to whoever wrote it.</summary>
internal static partial class Whereabouts
{
    /// <summary>The same with our port, or null when it has it.</summary>
    public static string? Corrected(string connectionInfo, int port)
    {
        var corrected = Port().Replace(connectionInfo, string.Create(CultureInfo.InvariantCulture, $"port={port}"));
        return corrected == connectionInfo ? null : corrected;
    }

    [GeneratedRegex(@"\bport=\d+")] private static partial Regex Port();
}
