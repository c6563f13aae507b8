using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Shabou.Bench.Kernels;

// Short jobs, three runs of each after three to warm up, in this process: a process of their own would be built anew for every run, for minutes where the
// machine is busy. Without arguments all kernels; --filter '*Theta*' takes some.
var config = ManualConfig.CreateEmpty()
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumnProvider(DefaultColumnProviders.Descriptor, DefaultColumnProviders.Statistics, DefaultColumnProviders.Metrics)
    .AddLogger(NullLogger.Instance)
    .WithArtifactsPath(Path.Combine(Environment.GetEnvironmentVariable("BENCH_ROOT") ?? Directory.GetCurrentDirectory(), ".shabou/kernels"));
foreach (var summary in BenchmarkSwitcher.FromAssembly(typeof(ForecastKernels).Assembly).Run(args.Length > 0 ? args : ["--filter", "*"], config))
{
    MarkdownExporter.Console.ExportToLog(summary, ConsoleLogger.Default);
    foreach (var error in summary.ValidationErrors) Console.Error.WriteLine(error.Message);
}
