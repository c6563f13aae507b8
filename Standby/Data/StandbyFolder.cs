using System.Text.Json;
using Microsoft.Extensions.Options;
using Shabou.LocalPostgres.Programs;
using Shabou.LocalPostgres.Servers;
using Shabou.Standby.Servers;

namespace Shabou.Standby.Data;

/// <summary>What the standby keeps from start to start: its data, and whether it has been promoted.</summary>
internal sealed class StandbyFolder(IOptions<StandbyOptions> options)
{
    private readonly string _root = Path.GetFullPath(options.Value.Folder);

    public DataFolder Data => new(Path.Combine(_root, "data"));

    /// <summary>A copy that is being made; it becomes <see cref="Data"/> when it is whole.</summary>
    public DataFolder Draft => new(Path.Combine(_root, "data.new"));

    /// <summary>By which the server finds the password of the role that streams: the command line is everybody's to read.</summary>
    public string PasswordFile => Path.Combine(_root, "pgpass");

    private string SettingsFile => Path.Combine(_root, "settings.json");

    private string PromotionFile => Path.Combine(_root, "promoted.json");

    /// <summary>Since when it is the primary; null: it is not.</summary>
    public PromotionNote? Promotion => File.Exists(PromotionFile) ? JsonSerializer.Deserialize<PromotionNote>(File.ReadAllText(PromotionFile), JsonSerializerOptions.Web) : null;

    /// <summary>Makes the folder, and the password file in it.</summary>
    /// <exception cref="LocalPostgres.LocalPostgresException">The folder cannot be used.</exception>
    public void Open()
    {
        try
        {
            DataFolder.CreatePrivate(_root);
            File.WriteAllText(PasswordFile, $"*:*:*:{DatabaseServer.ReplicationRole}:{options.Value.ReplicationPassword.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal)}\n");
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(PasswordFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            ServerUser.Needed?.Own(PasswordFile);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LocalPostgres.LocalPostgresException($"The standby's folder {_root} cannot be written: make it writable, or set Standby:Folder to one that is.", error);
        }
    }

    /// <summary>How a standby reaches its primary.</summary>
    /// <param name="primary">The primary.</param>
    /// <param name="passwordFile">As the standby's server sees it.</param>
    public static string ConnectionInfo(DatabaseServer primary, string passwordFile) => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"host={primary.Host} port={primary.Port} user={DatabaseServer.ReplicationRole} passfile={passwordFile} application_name={DatabaseServer.Standby} connect_timeout=3");

    /// <summary>Forgets that it was promoted, and its data with it: it is made anew as a copy of the primary.</summary>
    public void BecomeStandby()
    {
        if (Directory.Exists(Data.Path)) Directory.Delete(Data.Path, recursive: true);
        File.Delete(PromotionFile);
    }

    /// <summary>The primary's settings that the standby must have too: asked for, or as they were when it last answered.</summary>
    public async Task<Dictionary<string, string>> KeepSettingsAsync(DatabaseServer primary, CancellationToken cancellationToken)
    {
        try
        {
            var settings = await primary.SettingsAsync(cancellationToken);
            if (Promotion is null) await File.WriteAllTextAsync(SettingsFile, JsonSerializer.Serialize(settings), cancellationToken);
        }
        catch (Exception error) when (DatabaseServer.IsAway(error))
        {
            // as they were
        }
        return File.Exists(SettingsFile) ? JsonSerializer.Deserialize<Dictionary<string, string>>(await File.ReadAllTextAsync(SettingsFile, cancellationToken))! : [];
    }

    /// <summary>Remembers that it is the primary from now on. Written before it is made so: a start in between goes on where it stopped.</summary>
    public void NotePromotion(PromotionNote note)
    {
        var draft = PromotionFile + ".new";
        File.WriteAllText(draft, JsonSerializer.Serialize(note, JsonSerializerOptions.Web));
        File.Move(draft, PromotionFile, overwrite: true);
    }
}

/// <summary>That the standby was promoted.</summary>
/// <param name="At">When.</param>
/// <param name="AcceptedLoss">Whether it was known not to have all that the old primary had.</param>
internal sealed record PromotionNote(DateTimeOffset At, bool AcceptedLoss);
