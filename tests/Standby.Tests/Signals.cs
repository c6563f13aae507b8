using System.Diagnostics;
using System.Globalization;

namespace Shabou.Standby.Tests;

/// <summary>Signals to a server and to all processes that it started.</summary>
internal static class Signals
{
    public const string Kill = "KILL";
    public const string Stop = "STOP";
    public const string Continue = "CONT";

    public static void Send(string signal, int server)
    {
        var all = ChildrenOf(server).Prepend(server).Select(id => id.ToString(CultureInfo.InvariantCulture));
        using var kill = Process.Start("/bin/kill", [$"-{signal}", .. all]); // at once: a server that is lost answers nobody half dead
        kill.WaitForExit();
    }

    private static IEnumerable<int> ChildrenOf(int parent) =>
        File.ReadAllText($"/proc/{parent}/task/{parent}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture));
}
