using System.Globalization;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.LocalHost;

namespace Aspire.Hosting;

/// <summary>Says how to start redis-server: its configuration goes in by standard input, because the process list would show the password.</summary>
internal sealed class RedisProgram(RedisResource server)
{
    public Task<LocalProgram> PrepareAsync(LocalProgramContext context, CancellationToken cancellationToken)
    {
        var redis = Executables.Require("redis-server", "redis-server", "redis", context.ProgramFolders);
        var data = context.DataFolder;
        LocalFolders.CreatePrivate(data);

        var settings = new StringBuilder()
            .AppendLine("bind 127.0.0.1")
            .AppendLine(CultureInfo.InvariantCulture, $"port {server.PrimaryEndpoint.Port}")
            .AppendLine(CultureInfo.InvariantCulture, $"dir \"{data}\"")
            .AppendLine("daemonize no")
            .AppendLine("appendonly no")
            .AppendLine(server.TryGetLastAnnotation<RedisPersistence>(out var kept)
                ? string.Create(CultureInfo.InvariantCulture, $"save {(long)kept.Interval.TotalSeconds} {kept.Keys}")
                : "save \"\"");
        if (server.PasswordParameter is { Value: var password })
            settings.AppendLine(CultureInfo.InvariantCulture, $"requirepass \"{password.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"");

        return Task.FromResult(new LocalProgram(redis, ["-", .. context.Arguments])
        {
            WorkingDirectory = data,
            Input = settings.ToString(),
            Environment = new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin" },
        });
    }
}
