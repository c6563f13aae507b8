using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Shabou.Bench.Gateway;

/// <summary>A proxy as a process of its own.</summary>
internal sealed class Contestant : IAsyncDisposable
{
    private readonly Process _process;

    private Contestant(string name, int port, Process process) => (Name, Port, _process) = (name, port, process);

    public string Name { get; }

    /// <summary>TLS, on localhost.</summary>
    public int Port { get; }

    /// <summary>Sent with each request.</summary>
    public IReadOnlyList<string> Headers { get; set; } = [];

    public string Address => $"https://localhost:{Port}/api/v1/products/one";

    /// <summary>User and system time of it and its children so far.</summary>
    public TimeSpan Processor => ProcessorTime.Of(_process.Id);

    /// <param name="name">For the table.</param>
    /// <param name="port">Where it will listen, see <see cref="FreePort"/>.</param>
    /// <param name="program">Program and arguments.</param>
    /// <param name="environment">More environment variables.</param>
    /// <returns>Null when it is not installed, which is said.</returns>
    public static async Task<Contestant?> StartAsync(string name, int port, string[] program, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program[0], program[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>()) start.Environment[key] = value;
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            Console.WriteLine($"{name} is left out: {missing.Message}.");
            return null;
        }
        var said = new Queue<string>();
        void Keep(object sender, DataReceivedEventArgs line)
        {
            lock (said)
            {
                said.Enqueue(line.Data ?? "");
                if (said.Count > 30) said.Dequeue();
            }
        }
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        for (var attempt = 0; attempt < 600; attempt++)
        {
            if (process.HasExited) break;
            if (await AnswersAsync(port)) return new(name, port, process);
            await Task.Delay(100);
        }
        lock (said) throw new InvalidOperationException($"{name} does not listen:\n{string.Join('\n', said)}");
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
