using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Npgsql;
using Shabou.Schema.Identity;

namespace Shabou.Gateway.Identity.Keys;

#pragma warning disable RS0030 // the framework asks for its keys synchronously, once at the start and once in 90 days
/// <summary>Where Data Protection keeps its keys, so that every gateway has the same ones. It reads them at start and about once a day.</summary>
/// <remarks>Data Protection asks synchronously; no request waits for it.</remarks>
internal sealed class ProtectionKeyRepository(NpgsqlDataSource database) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        var elements = new List<XElement>();
        using var command = database.CreateCommand("SELECT xml FROM identity.data_protection_keys ORDER BY created_at, id");
        using var row = command.ExecuteReader();
        while (row.Read())
            elements.Add(XElement.Parse(row.GetString(0)));
        return elements;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        var now = DateTimeOffset.UtcNow; // Data Protection lives by the system's clock, so its keys do too
        using var command = database.CreateCommand("INSERT INTO identity.data_protection_keys (id, friendly_name, xml, created_at) VALUES ($1, $2, $3, $4)");
        command.Parameters.Add(new() { Value = Guid.CreateVersion7(now) });
        command.Parameters.Add(new() { Value = friendlyName.Length > DataProtectionKey.NameMaxLength ? friendlyName[..DataProtectionKey.NameMaxLength] : friendlyName });
        command.Parameters.Add(new() { Value = element.ToString(SaveOptions.DisableFormatting) });
        command.Parameters.Add(new() { Value = now });
        command.ExecuteNonQuery();
    }
}
