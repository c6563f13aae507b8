using System.Text.Json;

namespace Shabou.Backups.Places;

/// <summary>File <c>verified.json</c>: that the backup was restored and found whole. It lies beside the backup, as the database may be what is lost.</summary>
internal sealed record VerifiedMark(DateTimeOffset VerifiedAt, double Seconds, long Rows)
{
    public const string FileName = "verified.json";

    public static VerifiedMark? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<VerifiedMark>(File.ReadAllBytes(Path.Combine(folder, FileName)), JsonSerializerOptions.Web);
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            return null;
        }
    }

    public void Write(string folder) => File.WriteAllBytes(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web));
}
