using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Shabou.ServiceDefaults.Telemetry;

namespace Shabou.ServiceDefaults.Tests;

public sealed class StartRefusalTests
{
    [Fact]
    public void Wrong_settings_are_told_on_one_line_without_a_type_or_a_stack()
    {
        var refused = Thrown(new OptionsValidationException("", typeof(string), ["Cors:Origins must not have *.", "Cursors:Key is missing."]));
        Assert.Equal("Cors:Origins must not have *. Cursors:Key is missing.", StartRefusal.Sentence(refused));
        Assert.DoesNotContain("   at ", LogScopes.TextOf(refused), StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_of_ours_and_a_port_in_use_are_told_the_same_way()
    {
        Assert.Equal("Route 'x' has no Timeout: set it.", StartRefusal.Sentence(new InvalidOperationException("Route 'x' has no Timeout:\nset it.")));
        Assert.Equal("Failed to bind to address.", StartRefusal.Sentence(new IOException("Failed to bind to address.")));
    }

    [Fact]
    public void A_settings_file_that_is_not_JSON_is_named_with_the_place_in_it()
    {
        var folder = Directory.CreateTempSubdirectory("shabou-settings-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "appsettings.json"), "{\n  \"Jobs\": {,\n}");
            var refused = Assert.Throws<InvalidDataException>(() => new ConfigurationBuilder().SetBasePath(folder.FullName).AddJsonFile("appsettings.json").Build());
            var sentence = StartRefusal.Sentence(refused)!;
            Assert.Contains("appsettings.json", sentence, StringComparison.Ordinal);
            Assert.Contains("LineNumber: 1", sentence, StringComparison.Ordinal);
            Assert.EndsWith("Correct the file.", sentence, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", sentence, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Several_refusals_are_told_together()
    {
        var several = new AggregateException(new OptionsValidationException("", typeof(string), ["One."]), new InvalidOperationException("Two."));
        Assert.Equal("One. Two.", StartRefusal.Sentence(several));
        Assert.Null(StartRefusal.Sentence(new AggregateException(new ArgumentNullException("order"), new InvalidOperationException("Two."))));
    }

    [Fact]
    public void A_defect_keeps_its_stack()
    {
        var defect = Thrown(new ArgumentNullException("order"));
        Assert.Null(StartRefusal.Sentence(defect));
        Assert.Null(StartRefusal.Sentence(new ObjectDisposedException("client")));
        Assert.Contains("   at ", LogScopes.TextOf(defect), StringComparison.Ordinal);
    }

    private static Exception Thrown(Exception error)
    {
        try
        {
            throw error;
        }
        catch (Exception caught) when (caught == error)
        {
            return caught;
        }
    }
}
