using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;
using Shabou.ServiceDefaults.Secrets;

namespace Shabou.ServiceDefaults.Tests.Secrets;

public sealed class MountedSecretTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shabou-secrets-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_mounted_file_wins_over_what_the_environment_says()
    {
        Write("first", "Cursors__Key", "from-a-file\n");
        var builder = Builder(("Cursors:Key", "from-the-environment"));
        builder.AddMountedSecrets();
        Assert.Equal("from-a-file", builder.Configuration["Cursors:Key"]);
    }

    [Fact]
    public async Task A_secret_that_is_replaced_by_swapping_its_link_is_read_again()
    {
        Write("first", "Places__ApiKey", "old");
        var builder = Builder();
        builder.AddMountedSecrets();
        var changed = new TaskCompletionSource();
        using var watch = ChangeToken.OnChange(((IConfiguration)builder.Configuration).GetReloadToken, () =>
        {
            if (builder.Configuration["Places:ApiKey"] == "new") changed.TrySetResult();
        });
        Write("second", "Places__ApiKey", "new");
        await changed.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal("new", builder.Configuration["Places:ApiKey"]);
    }

    [Theory]
    [InlineData("/there/is/no/such/folder")]
    [InlineData("relative")]
    public void A_folder_that_is_named_and_not_there_is_refused_by_name(string folder)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration[MountedSecrets.FolderKey] = folder;
        var refused = Assert.Throws<InvalidOperationException>(builder.AddMountedSecrets);
        Assert.Contains(folder, refused.Message, StringComparison.Ordinal);
        Assert.Contains(MountedSecrets.FolderKey, refused.Message, StringComparison.Ordinal);
    }

    private WebApplicationBuilder Builder(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        foreach (var (key, value) in settings) builder.Configuration[key] = value;
        builder.Configuration[MountedSecrets.FolderKey] = _folder.FullName;
        return builder;
    }

    // As Kubernetes mounts secrets: the file is a link into a folder that is itself a link, and that one is swapped.
    private void Write(string version, string name, string value)
    {
        var folder = _folder.CreateSubdirectory($"..{version}");
        File.WriteAllText(Path.Combine(folder.FullName, name), value);
        var (data, next) = (Path.Combine(_folder.FullName, "..data"), Path.Combine(_folder.FullName, "..next"));
        Directory.CreateSymbolicLink(next, folder.Name);
        if (Directory.Exists(data)) Directory.Delete(data); // the link, not what it leads to
        Directory.Move(next, data);
        var file = Path.Combine(_folder.FullName, name);
        if (!File.Exists(file)) File.CreateSymbolicLink(file, Path.Combine("..data", name));
    }
}
