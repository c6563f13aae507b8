using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Shabou.Gateway.Identity.Keys;

/// <summary>Makes the keys of Data Protection: the first, and each next one well before the last expires.</summary>
/// <remarks>Data Protection would make them itself, but then two gateways that start together make one each, and one that was given a wrong
/// master key believes there is none and adds another.</remarks>
internal sealed partial class ProtectionKeys(NpgsqlDataSource database, IKeyManager manager, MasterKeys masters, ILogger<ProtectionKeys> logger)
{
    internal static readonly TimeSpan Life = TimeSpan.FromDays(180);
    private static readonly TimeSpan MakeBefore = TimeSpan.FromDays(30);
    private static readonly TimeSpan ActiveAfter = TimeSpan.FromDays(2); // until every gateway has read it

    /// <summary>Sees that there is a key to protect with. The caller holds <see cref="IdentityLocks.Keys"/>.</summary>
    /// <exception cref="WrongMasterKeyException">The newest key was sealed under a master key that this gateway was not given.</exception>
    internal async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var master = await MasterOfNewestAsync(cancellationToken);
        if (master is not null && masters.WithId(master) is null)
            throw new WrongMasterKeyException();
        var now = DateTimeOffset.UtcNow; // as Data Protection itself
        var newest = master is null ? null : manager.GetAllKeys().Where(key => !key.IsRevoked).MaxBy(key => key.ExpirationDate);
        if (newest is not null && now < newest.ExpirationDate - MakeBefore && master == masters.Current.Id)
            return;
        manager.CreateNewKey(newest is null || now >= newest.ExpirationDate ? now : now + ActiveAfter, now + Life);
        LogMade(masters.Current.Id);
    }

    private async Task<string?> MasterOfNewestAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT xml FROM identity.data_protection_keys ORDER BY created_at DESC, id DESC LIMIT 1");
        return await command.ExecuteScalarAsync(cancellationToken) is string xml
            ? (string?)XElement.Parse(xml).Descendants(SealedXml.Element).FirstOrDefault()?.Attribute(SealedXml.Master) ?? ""
            : null;
    }

    [LoggerMessage(LogLevel.Information, "A new Data Protection key was made, sealed under master key {Master}")]
    private partial void LogMade(string master);
}

/// <summary>Keeps Data Protection's keys in the database, sealed.</summary>
internal static class ProtectionSetup
{
    internal const string ApplicationName = "shabou";

    internal static void AddProtection(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<MasterKeyOptions>()
            .BindConfiguration(MasterKeyOptions.Section)
            .Validate(options => options.MasterKey is { Length: >= MasterKeyOptions.ShortestKey }, MasterKeyOptions.Missing)
            .Validate(options => string.IsNullOrEmpty(options.PreviousMasterKey) || options.PreviousMasterKey.Length >= MasterKeyOptions.ShortestKey, MasterKeyOptions.PreviousTooShort)
            .ValidateOnStart();
        builder.Services.AddSingleton<MasterKeys>();
        builder.Services.AddSingleton<SealedXml>();
        builder.Services.AddSingleton<ProtectionKeyRepository>();
        builder.Services.AddSingleton<ProtectionKeys>();
        builder.Services.AddDataProtection().SetApplicationName(ApplicationName).DisableAutomaticKeyGeneration();
        builder.Services.AddOptions<KeyManagementOptions>().Configure<ProtectionKeyRepository, SealedXml>((options, repository, encryptor) =>
            (options.XmlRepository, options.XmlEncryptor) = (repository, encryptor));
    }
}
