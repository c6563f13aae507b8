using Shabou.Bench.Jobs;
using Shabou.Testing;

namespace Shabou.Bench.Gateway;

/// <summary>1 KB of JSON through a TLS proxy, in turns: those of the distribution, YARP alone, and our gateway with everything on.</summary>
internal static class GatewayBench
{
    private const int Seconds = 4;
    private const int MaxWarmTurns = 15;
    private const int Rate = 1_600;
    private const int RefusalRate = 200;
    private const int RefusalSeconds = 10;

    /// <summary>At a fixed rate. Many would send their requests at the same instant, see <see cref="H2Load.RunAsync"/>; each of these has to be answered before it may ask again.</summary>
    private const int FewConnections = 8;
    private const int Tokens = 2_000;
    private const string Reference = "bare YARP";

    public static async Task RunAsync(string root, int turns)
    {
        if (!H2Load.IsThere())
        {
            Console.WriteLine($"The gateway is not measured: h2load is missing. Debian has it and the peers: apt-get install -y {DistributionPeers.Packages}");
            return;
        }
        using var tls = new TestAuthority();
        await using var servers = new TestServers();
        await servers.InitializeAsync();
        var behind = Contestant.FreePort();
        var upstream = $"http://127.0.0.1:{behind}";
        await using var one = await Contestant.StartAsync("upstream", behind, Self("upstream", $"{behind}"));
        var contestants = new List<Contestant>();
        await using var ours = await OurGateway.StartAsync(root, servers, tls, upstream);
        try
        {
            ours.Process.Headers = [$"Authorization: Bearer {await ours.TokenAsync()}"];
            var publicKey = Path.Combine(tls.Folder, "tokens.pem");
            await File.WriteAllTextAsync(publicKey, await ours.PublicKeyAsync());
            await AddAsync(contestants, "nginx", port => DistributionPeers.Nginx(tls, port, behind));
            await AddAsync(contestants, "haproxy", port => DistributionPeers.Haproxy(tls, port, behind, publicKey: null));
            await AddAsync(contestants, "caddy", port => DistributionPeers.Caddy(tls, port, behind));
            await AddAsync(contestants, "haproxy + JWT + limit", port => DistributionPeers.Haproxy(tls, port, behind, publicKey), ours.Process.Headers);
            await AddAsync(contestants, Reference, port => Self("bare-yarp", $"{port}", upstream, tls.Certificate, tls.Key));
            await MeasureAsync([.. contestants, ours.Process], turns);
            var (first, second) = await ours.FirstUseAsync(Tokens);
            await RefusalsAsync(ours);
            Console.WriteLine($"\n{Tokens} tokens one after the other: {first:F0} us of processor time for the first request with a token, {second:F0} us for the second");
        }
        finally
        {
            foreach (var contestant in contestants) await contestant.DisposeAsync();
        }
    }

    /// <summary>What saying no costs.</summary>
    private static async Task RefusalsAsync(OurGateway ours)
    {
        var token = await ours.TokenAsync();
        var parts = token.Split('.');
        (string Name, string Header)[] refusals =
        [
            ("forged signature", $"Authorization: Bearer {parts[0]}.{parts[1]}.{new string([.. parts[2].Reverse()])}"),
            ("no signature", $"Authorization: Bearer eyJhbGciOiJub25lIn0.{parts[1]}."),
            ("no token", $"Authorization: Bearer {new string('x', 4_000)}"),
        ];
        Console.WriteLine($"\n{"refused, HTTP/1.1",-30}   p50 / p99 ms at {RefusalRate}/s   let through   goal");
        foreach (var (name, header) in refusals) await RefuseAsync(name, [header]);

        async Task RefuseAsync(string name, IReadOnlyList<string> headers)
        {
            await H2Load.RunAsync(ours.Process.Address, http2: false, Seconds, rate: null, headers); // warm: nobody sends enough of these in ten seconds to have them compiled well
            var result = await H2Load.RunAsync(ours.Process.Address, http2: false, RefusalSeconds, RefusalRate, headers, FewConnections);
            Console.WriteLine($"{name,-30}   {result.P50,6:F2} / {result.P99,-14:F2}   {result.Answers,11}   p99 < 20 ms");
        }
    }

    private static string[] Self(params string[] arguments) => ["dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "Bench.dll"), .. arguments];

    private static async Task AddAsync(List<Contestant> contestants, string name, Func<int, string[]> program, IReadOnlyList<string>? headers = null)
    {
        var port = Contestant.FreePort();
        if (await Contestant.StartAsync(name, port, program(port)) is not { } contestant) return;
        contestant.Headers = headers ?? [];
        contestants.Add(contestant);
    }

    private static async Task MeasureAsync(IReadOnlyList<Contestant> contestants, int turns)
    {
        foreach (var contestant in contestants)
            foreach (var http2 in (bool[])[true, false])
                await WarmAsync(contestant, http2);
        var turnsOf = contestants.ToDictionary(contestant => contestant.Name, _ => new List<Turn>());
        for (var turn = 0; turn < turns; turn++)
            foreach (var contestant in contestants)
                turnsOf[contestant.Name].Add(await TurnAsync(contestant));

        var reference = Turn.Median(turnsOf[Reference]);
        Console.WriteLine($"\n1 KB of JSON through a TLS proxy, {H2Load.Connections} connections ({FewConnections} at the fixed rate), medians of {turns} turns; the ratio is to {Reference}");
        Console.WriteLine($"{"",-30}  HTTP/1.1/s  us CPU  ratio    HTTP/2/s  us CPU  ratio   p50 / p99 ms at {Rate}/s  ratio of p99   failed");
        foreach (var contestant in contestants)
        {
            var t = Turn.Median(turnsOf[contestant.Name]);
            Console.WriteLine(
                $"{contestant.Name,-30}  {t.Rate1,10:F0}  {t.Processor1,6:F1}  {t.Processor1 / reference.Processor1,5:F2}  {t.Rate2,10:F0}  {t.Processor2,6:F1}  {t.Processor2 / reference.Processor2,5:F2}   {t.P50,9:F2} / {t.P99,-10:F2}  {t.P99 / reference.P99,12:F2}   {turnsOf[contestant.Name].Sum(turn => turn.Failed),6}");
        }
        Console.WriteLine($"goals for ours: CPU <= 1.25 x {Reference} and <= 0.5 x haproxy + JWT + limit (stretch 0.33), p99 at {Rate}/s <= 1.5 x {Reference}");
    }

    /// <summary>Until it costs no less than before: what is compiled while it works, and again when it has worked much, takes its time.</summary>
    private static async Task WarmAsync(Contestant contestant, bool http2)
    {
        var (last, settled) = (double.MaxValue, 0);
        for (var i = 0; i < MaxWarmTurns && settled < 2; i++)
        {
            var (_, processor) = await MeasureAsync(contestant, http2);
            settled = processor > last * 0.95 ? settled + 1 : 0;
            last = Math.Min(last, processor);
        }
    }

    private static async Task<Turn> TurnAsync(Contestant contestant)
    {
        var (one, processor1) = await MeasureAsync(contestant, http2: false);
        var (two, processor2) = await MeasureAsync(contestant, http2: true);
        var steady = await H2Load.RunAsync(contestant.Address, http2: false, Seconds, Rate, contestant.Headers, FewConnections);
        return new(one.Rate, processor1, two.Rate, processor2, steady.P50, steady.P99, one.Failed + two.Failed + steady.Failed);
    }

    private static async Task<(H2Load.Result Result, double Processor)> MeasureAsync(Contestant contestant, bool http2)
    {
        var before = contestant.Processor;
        var result = await H2Load.RunAsync(contestant.Address, http2, Seconds, rate: null, contestant.Headers);
        return (result, (contestant.Processor - before).TotalMicroseconds / Math.Max(1, result.Answers + result.Failed));
    }

    private sealed record Turn(double Rate1, double Processor1, double Rate2, double Processor2, double P50, double P99, long Failed)
    {
        public static Turn Median(List<Turn> turns) => new(
            Of(turns, t => t.Rate1), Of(turns, t => t.Processor1), Of(turns, t => t.Rate2), Of(turns, t => t.Processor2), Of(turns, t => t.P50), Of(turns, t => t.P99), turns.Sum(t => t.Failed));

        private static double Of(List<Turn> turns, Func<Turn, double> figure) => JobsBench.Median(turns.Select(figure));
    }
}
