using Shabou.ProspectorService.Matching;
using Shabou.ProspectorService.Regions;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Tests;

public sealed class NormalFormTests
{
    [Theory]
    [InlineData("71 234 567")]
    [InlineData("71.234.567")]
    [InlineData("71-234-567")]
    [InlineData("(71) 234 567")]
    [InlineData("71234567")]
    [InlineData("+216 71 234 567")]
    [InlineData("+21671234567")]
    [InlineData("(+216) 71.234.567")]
    [InlineData("00216 71 234 567")]
    [InlineData("216 71234567")]
    [InlineData("+216 (0) 71 234 567")]
    [InlineData("٧١ ٢٣٤ ٥٦٧")]
    [InlineData("+٢١٦ ٧١ ٢٣٤ ٥٦٧")]
    [InlineData("71 234 567 / 98 765 432")]
    [InlineData("\u202a+216 71 234 567\u202c")]
    public void One_phone_in_many_notations_is_one_phone(string text) => Assert.Equal("+21671234567", PhoneNumber.Normalise(text));

    [Theory]
    [InlineData("+33 6 12 34 56 78", "+33612345678")]
    [InlineData("0033612345678", "+33612345678")]
    [InlineData("0612345678", null)] // which country's?
    [InlineData("197", null)]
    [InlineData("11 234 567", null)]
    [InlineData("+216 11 234 567", null)]
    [InlineData("+216 71 234 56", null)]
    [InlineData("71 234 56", null)]
    [InlineData("call us", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Other_texts_are_foreign_numbers_or_none(string? text, string? phone) => Assert.Equal(phone, PhoneNumber.Normalise(text));

    [Theory]
    [InlineData("https://www.Garage-BenAli.tn/contact?x=1", "garage-benali.tn")]
    [InlineData("http://garage-benali.tn", "garage-benali.tn")]
    [InlineData("https://garage-benali.tn./", "garage-benali.tn")]
    [InlineData("https://sfax.garage-benali.tn/", "sfax.garage-benali.tn")]
    [InlineData("https://garagé.tn/", "xn--garag-fsa.tn")]
    [InlineData("https://benali.business.site/", "benali.business.site")]
    [InlineData("https://www.facebook.com/garagebenali", null)]
    [InlineData("https://fr-fr.facebook.com/garagebenali", null)]
    [InlineData("https://instagram.com/x", null)]
    [InlineData("https://192.168.1.1/", null)]
    [InlineData("https://localhost/", null)]
    [InlineData("not a site", null)]
    [InlineData(null, null)]
    public void A_site_is_known_by_its_domain_unless_many_share_it(string? uri, string? domain) => Assert.Equal(domain, SiteDomain.OfSite(uri));

    [Theory]
    [InlineData("Société Garage Ben Ali", "garage ben ali")]
    [InlineData("STE GARAGE  BEN-ALI (SARL)", "garage ben ali")]
    [InlineData("Pièces Auto Béja", "pieces auto beja")]
    [InlineData("شركة قطع الغيار", "قطع الغيار")]
    [InlineData("SARL", "sarl")]
    public void A_name_is_known_without_its_legal_form(string name, string normalised) => Assert.Equal(normalised, BusinessName.Normalise(name));

    [Theory]
    [InlineData(" Info@Garage.TN ", "info@garage.tn")]
    [InlineData("a.b+c@sub.example.org", "a.b+c@sub.example.org")]
    [InlineData("info@", null)]
    [InlineData("@garage.tn", null)]
    [InlineData("in fo@garage.tn", null)]
    [InlineData("a@b@garage.tn", null)]
    [InlineData(".a@garage.tn", null)]
    [InlineData("info@garage", null)]
    public void An_address_is_known_in_lower_case(string text, string? address) => Assert.Equal(address, EmailAddress.Normalise(text));

    [Theory]
    [InlineData("info@garage.tn", true)]
    [InlineData("contact2@garage.tn", true)]
    [InlineData("commercial@garage.tn", true)]
    [InlineData("ali@garage.tn", false)]
    [InlineData("ali.ben.salah@garage.tn", false)]
    [InlineData("contact.ali@garage.tn", false)]
    public void A_mailbox_is_generic_only_when_its_name_is_no_persons(string address, bool generic) => Assert.Equal(generic, GenericMailboxes.Has(address));

    [Fact]
    public void There_are_24_governorates_and_each_is_found_by_code_and_names()
    {
        Assert.Equal(24, Governorates.All.Select(g => g.Code).Distinct().Count());
        Assert.All(Governorates.All, g => Assert.All([g.Code, g.Code[3..], g.Name, g.NameAr, g.Name.ToUpperInvariant()], text => Assert.Same(g, Governorates.Find(text))));
        Assert.Equal("TN-14", Governorates.Find("manouba")?.Code);
        Assert.Equal("TN-73", Governorates.Find("Kebili")?.Code);
        Assert.Null(Governorates.Find("La Marsa"));
        Assert.Equal("TN-61", Governorates.Nearest(34.72, 10.70).Code);
    }
}
