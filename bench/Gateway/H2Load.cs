using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Shabou.Bench.Gateway;

/// <summary>nghttp2's load generator: HTTP/1.1 and HTTP/2 over TLS, in C, so that it leaves the cores to what it measures.</summary>
internal static partial class H2Load
{
    public const int Connections = 64;

    /// <param name="Rate">Answers a second.</param>
    /// <param name="Answers">Those that were 2xx.</param>
    /// <param name="Failed">Answers that were not 2xx, and requests without an answer.</param>
    /// <param name="P50">Milliseconds.</param>
    /// <param name="P99">Milliseconds.</param>
    public sealed record Result(double Rate, long Answers, long Failed, double P50, double P99);

    /// <summary>Whether it is installed.</summary>
    public static bool IsThere()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("h2load", ["--version"]) { RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    /// <param name="address">What is asked for, again and again.</param>
    /// <param name="http2">HTTP/2 with ten streams a connection, else HTTP/1.1.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="rate">Requests a second over all connections; null: as fast as the answers come.</param>
    /// <param name="headers">Sent along, <c>Name: value</c>.</param>
    /// <param name="connections">They all begin at the same time and keep the same step, so that a low rate over many of them comes as bursts.</param>
    public static async Task<Result> RunAsync(string address, bool http2, int seconds, int? rate, IEnumerable<string> headers, int connections = Connections)
    {
        var log = Path.GetTempFileName();
        try
        {
            string[] arguments =
            [
                "-c", $"{connections}", "-t", "1", "-D", $"{seconds}", .. http2 ? (string[])["-m", rate is null ? "10" : "1"] : ["--h1"],
                .. rate is { } wanted ? (string[])[$"--rps={(double)wanted / connections:0.###}", $"--log-file={log}"] : [],
                .. headers.SelectMany(header => (string[])["-H", header]), address,
            ];
            using var process = Process.Start(new ProcessStartInfo("h2load", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            var said = await output;
            if (process.ExitCode != 0 || Finished().Match(said) is not { Success: true } finished || Codes().Match(said) is not { Success: true } codes)
                throw new InvalidOperationException($"h2load failed: {await error}{said}");
            var good = Number(codes, "good");
            var bad = Number(codes, "bad3") + Number(codes, "bad4") + Number(codes, "bad5");
            var times = rate is null ? [] : File.ReadLines(log).Select(line => double.Parse(line[(line.LastIndexOf('\t') + 1)..]) / 1000).Order().ToArray();
            return new(good / double.Parse(finished.Groups["seconds"].Value), good, bad, At(times, .5), At(times, .99));
        }
        finally
        {
            File.Delete(log);
        }
    }

    private static double At(double[] times, double part) => times.Length == 0 ? double.NaN : times[Math.Min((int)(times.Length * part), times.Length - 1)];

    private static long Number(Match match, string group) => long.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"finished in (?<seconds>[0-9.]+)s")] private static partial Regex Finished();
    [GeneratedRegex("status codes: (?<good>[0-9]+) 2xx, (?<bad3>[0-9]+) 3xx, (?<bad4>[0-9]+) 4xx, (?<bad5>[0-9]+) 5xx")] private static partial Regex Codes();
}
