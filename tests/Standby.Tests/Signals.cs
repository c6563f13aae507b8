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
        foreach (var id in ChildrenOf(server).Prepend(server).ToList())
        {
            using var kill = Process.Start("/bin/kill", [$"-{signal}", id.ToString(CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
        }
    }

    private static IEnumerable<int> ChildrenOf(int parent) =>
        File.ReadAllText($"/proc/{parent}/task/{parent}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture));
}
