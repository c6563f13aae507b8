using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Shabou.Bench;

/// <summary>A light HTTP/1.1 client: it shares the cores with what it measures, so it does no more than send bytes and find the end of the answer.</summary>
internal sealed class LoadGenerator(int port, int connections, params string[] requests)
{
    private int _next = -1;

    /// <param name="Rate">Answers a second.</param>
    /// <param name="P50">Milliseconds.</param>
    /// <param name="P99">Milliseconds.</param>
    public sealed record Result(double Rate, double P50, double P95, double P99, int Failed);

    /// <summary>A GET with the token that the gateway would send.</summary>
    public static string Get(string path, string token, string? etag = null) =>
        $"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n{(etag is null ? "" : $"If-None-Match: {etag}\r\n")}\r\n";

    public async Task<Result> RunAsync(TimeSpan duration)
    {
        var messages = requests.Select(Encoding.ASCII.GetBytes).ToArray();
        var until = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var clock = Stopwatch.StartNew();
        var results = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => ConnectionAsync(messages, until))));
        var seconds = clock.Elapsed.TotalSeconds;
        var times = results.SelectMany(r => r.Times).Order().ToArray();
        return new(times.Length / seconds, At(.5), At(.95), At(.99), results.Sum(r => r.Failed));

        double At(double part) => times.Length == 0 ? double.NaN : times[Math.Min((int)(times.Length * part), times.Length - 1)];
    }

    private async Task<(List<double> Times, int Failed)> ConnectionAsync(byte[][] messages, long until)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var buffer = new byte[256 * 1024];
        var times = new List<double>(100_000);
        var failed = 0;
        while (Stopwatch.GetTimestamp() < until)
        {
            var message = messages[(int)((uint)Interlocked.Increment(ref _next) % messages.Length)]; // goes on where the last run ended
            var sent = Stopwatch.GetTimestamp();
            await socket.SendAsync(message);
            var status = await AnswerAsync(socket, buffer);
            times.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            if (status is not (200 or 304)) failed++;
        }
        return (times, failed);
    }

    private static async Task<int> AnswerAsync(Socket socket, byte[] buffer)
    {
        var have = 0;
        int head;
        while ((head = buffer.AsSpan(0, have).IndexOf("\r\n\r\n"u8)) < 0) have += await ReceiveAsync(socket, buffer.AsMemory(have));
        var status = Number(buffer.AsSpan(9, 3));
        var at = buffer.AsSpan(0, head).IndexOf("Content-Length: "u8);
        if (at < 0 && buffer.AsSpan(0, head).IndexOf("chunked"u8) >= 0) return await ChunkedAsync(socket, buffer, head + 4, have) ? status : 0;
        var length = at < 0 ? 0 : Number(buffer.AsSpan(at + 16, head - at - 16));
        for (var rest = head + 4 + length - have; rest > 0;) rest -= await ReceiveAsync(socket, buffer);
        return status;
    }

    private static int Number(ReadOnlySpan<byte> text) => Utf8Parser.TryParse(text, out int number, out _) ? number : throw new InvalidOperationException("The answer has no number where one belongs.");

    /// <summary>A chunked body is at its end when its last five bytes are the empty chunk.</summary>
    private static async Task<bool> ChunkedAsync(Socket socket, byte[] buffer, int start, int have)
    {
        while (have - start < 5 || !buffer.AsSpan(0, have).EndsWith("0\r\n\r\n"u8)) have += await ReceiveAsync(socket, buffer.AsMemory(have));
        return true;
    }

    private static async Task<int> ReceiveAsync(Socket socket, Memory<byte> into) =>
        await socket.ReceiveAsync(into) is > 0 and var got ? got : throw new InvalidOperationException("The server closed the connection.");
}
