using System.Globalization;
using Shabou.Backups.Making;

namespace Shabou.Backups.Places;

/// <summary>A backup in its folder, whole when its folder has this name.</summary>
/// <param name="Folder">Ends with its kind and its moment.</param>
internal sealed record StoredBackup(string Folder, BackupManifest Manifest)
{
    private const string Format = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>The second it began in: its name.</summary>
    public string Name => Path.GetFileName(Folder);

    /// <summary>When it was restored and found whole; null: not yet, or it was not.</summary>
    public DateTimeOffset? VerifiedAt => VerifiedMark.Read(Folder)?.VerifiedAt;

    /// <summary>The same in every table and place.</summary>
    public Guid Id
    {
        get
        {
            var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{Manifest.SystemIdentifier}/{Manifest.Kind}/{Name}"));
            return new Guid(hash.AsSpan(0, 16));
        }
    }

    public static string NameOf(DateTimeOffset moment) => moment.ToUniversalTime().ToString(Format, CultureInfo.InvariantCulture);

    public static bool IsName(string name) => DateTimeOffset.TryParseExact(name, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);
}
