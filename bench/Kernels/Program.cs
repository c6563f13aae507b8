using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using Shabou.Bench.Kernels;

// Short jobs: three runs of each after three to warm up. Without arguments all kernels; --filter '*Theta*' takes some.
var config = ManualConfig.CreateEmpty()
    .AddJob(Job.ShortRun)
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .AddExporter(MarkdownExporter.Console)
    .AddLogger(ConsoleLogger.Default)
    .WithArtifactsPath(Path.Combine(Environment.GetEnvironmentVariable("BENCH_ROOT") ?? Directory.GetCurrentDirectory(), ".shabou/kernels"));
BenchmarkSwitcher.FromAssembly(typeof(ForecastKernels).Assembly).Run(args.Length > 0 ? args : ["--filter", "*"], config);
