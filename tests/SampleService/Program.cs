// A service for the tests of the local host: says who it is, calls another, and can refuse to stop.
var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var app = builder.Build();
app.MapGet("/health", () => app.Environment.EnvironmentName);
app.MapGet("/process", () => Environment.ProcessId);
app.MapGet("/variables/{name}", (string name) => Environment.GetEnvironmentVariable(name));
app.MapGet("/through", async (CancellationToken cancellationToken) =>
{
    using var client = new HttpClient();
    return await client.GetStringAsync(new Uri(new Uri(Environment.GetEnvironmentVariable("services__service__https__0")!), "/process"), cancellationToken);
});
if (Environment.GetEnvironmentVariable("Stubborn") == "true")
    app.Lifetime.ApplicationStopping.Register(() => new ManualResetEventSlim().Wait());
Console.WriteLine($"key {Environment.GetEnvironmentVariable("Key")}");
app.Run();
