using System.Diagnostics;

namespace Shabou.EndToEnd.Tests;

/// <summary>The built programs, each alone, in a folder whose appsettings.json is not JSON.</summary>
public sealed class UnreadableSettingsTests
{
    [Theory]
    [InlineData("Gateway")]
    [InlineData("CatalogApi")]
    [InlineData("ForecastService")]
    [InlineData("ProspectorService")]
    [InlineData("PlacesSimulator")]
    [InlineData("Migrator")]
    public async Task A_program_whose_settings_are_not_JSON_says_so_in_one_sentence_and_ends_with_code_1(string program)
    {
        var built = Path.Combine(AppContext.BaseDirectory.Replace(Path.Combine("tests", "EndToEnd.Tests"), program, StringComparison.Ordinal), $"{program}.dll");
        var folder = Directory.CreateTempSubdirectory("shabou-settings-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "appsettings.json"), "{ \"Logging\": oops }", TestContext.Current.CancellationToken);
            using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", built]) { WorkingDirectory = folder.FullName, RedirectStandardError = true })!;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(TimeSpan.FromMinutes(1));
            var said = (await process.StandardError.ReadToEndAsync(limit.Token)).Trim();
            await process.WaitForExitAsync(limit.Token);
            Assert.Equal(1, process.ExitCode);
            Assert.StartsWith($"{program} does not start: Failed to load configuration from file '{Path.Combine(folder.FullName, "appsettings.json")}'.", said, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', said);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
