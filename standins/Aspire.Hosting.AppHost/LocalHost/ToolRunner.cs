namespace Aspire.Hosting.LocalHost;

/// <summary>Runs a program to its end, such as initdb; recorded like every other, and ended when the host stops before it.</summary>
internal sealed class ToolRunner(ProcessRecords records)
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);

    public async Task<(int ExitCode, IReadOnlyList<string> Output)> RunAsync(string resource, LocalProgram program, CancellationToken cancellationToken)
    {
        List<string> output = [];
        using var process = ChildProcess.Start(program, (line, _) =>
        {
            lock (output)
                output.Add(line);
        });
        var record = ProcessRecord.Of(process.Id, program.RealPath, resource, program.StopSignal);
        if (record is not null)
            records.Add(record);
        try
        {
            return (await process.Exited.WaitAsync(cancellationToken), output);
        }
        finally
        {
            await process.StopAsync(s_grace);
            if (record is not null)
                records.Remove(record);
        }
    }
}
