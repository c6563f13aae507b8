using System.ComponentModel.DataAnnotations;

namespace Shabou.Standby;

/// <summary>Where the standby is and how closely it is watched. The primary is <c>ConnectionStrings:postgres</c>, its superuser's.</summary>
public sealed class StandbyOptions
{
    public const string Section = "Standby";

    /// <summary>The standby's own folder; its data is in <c>data</c> below it. No default.</summary>
    [Required(ErrorMessage = "Standby:Folder is not set: name a folder that the standby may fill.")]
    public string Folder { get; set; } = "";

    /// <summary>Its server's port on 127.0.0.1. No default.</summary>
    [Range(1, 65_535, ErrorMessage = "Standby:Port must be a port from 1 to 65535.")]
    public int Port { get; set; }

    /// <summary>Who may promote it sends this in <c>X-Standby-Key</c>. No default.</summary>
    [Required(ErrorMessage = "Standby:Key is not set: give at least 32 characters that only those know who may promote."), MinLength(32, ErrorMessage = "Standby:Key must have at least 32 characters.")]
    public string Key { get; set; } = "";

    /// <summary>Password of the role that streams. No default.</summary>
    [Required(ErrorMessage = "Standby:ReplicationPassword is not set: give the role 'replication' a password of at least 16 characters."), MinLength(16, ErrorMessage = "Standby:ReplicationPassword must have at least 16 characters.")]
    public string ReplicationPassword { get; set; } = "";

    /// <summary>The database that services use; without it the pair is not ready. Default <c>shabou</c>.</summary>
    [Required(ErrorMessage = "Standby:Database must name a database.")]
    public string Database { get; set; } = "shabou";

    /// <summary>How often both servers are looked at. Default 0.5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:10", ErrorMessage = "Standby:Look must be from 0.05 to 10 s.")]
    public TimeSpan Look { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How far it may be behind before health is degraded. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "Standby:MaxLag must be from 1 second to 1 day.")]
    public TimeSpan MaxLag { get; set; } = TimeSpan.FromSeconds(10);
}
