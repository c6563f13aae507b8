// A worker that tests kill. Its settings come from the environment, as those of a service do.
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shabou.Jobs;
using Shabou.JobsWorker;
using Shabou.Schema;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddSingleton(TimeProvider.System);
builder.AddShabouDatabase();
builder.AddJobs();
builder.Services
    .AddJobHandler<Effect, EffectOrder>(WorkerKinds.Effect)
    .AddJobHandler<Poison, PoisonOrder>(WorkerKinds.Poison);
builder.Build().Run();
