using System.Text.RegularExpressions;

namespace Shabou.Schema.Prospector;

/// <summary>Mailboxes that belong to a business and to no person: info@, contact@ ... Any other one may be somebody's.</summary>
public static partial class GenericMailboxes
{
    /// <summary>What the part before the @ matches, for .NET and for PostgreSQL.</summary>
    public const string Pattern =
        "^(accueil|achats?|admin|administration|atelier|bonjour|bureau|caisse|commandes?|commercial|comptabilite|compta|contact|contacts|depot|devis|direction|"
        + "facturation|garage|hello|info|infos|information|informations|livraison|logistique|magasin|mail|marketing|office|pieces|pneus|rdv|reception|sales|sav|"
        + "secretariat|service|services|shop|showroom|societe|stock|support|vente|ventes|web|webmaster)[0-9]*$";

    /// <param name="address">In lower case.</param>
    public static bool Has(string address) => Generic().IsMatch(address[..address.IndexOf('@', StringComparison.Ordinal)]);

    [GeneratedRegex(Pattern, RegexOptions.CultureInvariant)]
    private static partial Regex Generic();
}
