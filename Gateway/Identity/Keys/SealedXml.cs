using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace Shabou.Gateway.Identity.Keys;

/// <summary>Keys of Data Protection lie in the database sealed under the master key.</summary>
internal sealed class SealedXml(MasterKeys masters) : IXmlEncryptor
{
    internal static readonly XName Element = "sealed";
    internal static readonly XName Master = "master";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var box = masters.Current.Seal(Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting)));
        return new EncryptedXmlInfo(new XElement(Element, new XAttribute(Master, masters.Current.Id), Convert.ToBase64String(box)), typeof(SealedXmlDecryptor));
    }
}

/// <summary>Data Protection makes it by its name, which is stored with each key: this class cannot be renamed or moved.</summary>
internal sealed class SealedXmlDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var master = services.GetRequiredService<MasterKeys>().WithId((string?)encryptedElement.Attribute(SealedXml.Master)) ?? throw new WrongMasterKeyException();
        var plain = master.Open(Convert.FromBase64String(encryptedElement.Value));
        try
        {
            return XElement.Parse(Encoding.UTF8.GetString(plain));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }
}
