namespace Shabou.PlacesSimulator.Places;

/// <summary>What a place does, with Google's types for it and the words people search it by.</summary>
/// <param name="Name">Short name in the code.</param>
/// <param name="Share">How many of 100 places have it as their first trade.</param>
/// <param name="Types">Google's types, the primary one first.</param>
/// <param name="Signs">Name patterns: 0 is the family, 1 the town.</param>
/// <param name="Words">Search phrases in French, Arabic and English.</param>
internal sealed record Trade(string Name, int Share, string[] Types, BilingualName[] Signs, string[] Words);

internal static class Trades
{
    public static readonly IReadOnlyList<Trade> All =
    [
        new("garage", 38, ["car_repair", "point_of_interest", "establishment"],
            [new("Garage {0}", "كراج {0}"), new("Atelier Mécanique {0}", "ورشة ميكانيك {0}"),
             new("Mécanique Générale {1}", "ميكانيك عام {1}"), new("Auto Service {0}", "خدمات السيارات {0}")],
            ["garage", "mecanicien", "mecanique", "mecanique generale", "mecanique auto", "atelier", "atelier mecanique", "reparation", "reparation auto",
             "reparation voiture", "garagiste", "mechanic", "car repair", "ميكانيكي", "ميكانيك", "ورشة", "كراج", "تصليح", "تصليح سيارات", "ورشة سيارات"]),
        new("parts", 30, ["auto_parts_store", "store", "point_of_interest", "establishment"],
            [new("{0} Pièces Auto", "قطع غيار {0}"), new("Auto Pièces {1}", "قطع غيار السيارات {1}"),
             new("Comptoir de la Pièce {0}", "متجر القطع {0}"), new("Pièces de Rechange {0}", "قطع تبديل {0}")],
            ["pieces auto", "pieces", "pieces detachees", "pieces detachees auto", "pieces de rechange", "pieces de rechange auto", "pieces automobiles",
             "accessoires auto", "magasin de pieces", "magasin pieces auto", "vente pieces auto", "auto parts", "car parts", "spare parts",
             "قطع غيار", "قطع غيار السيارات", "قطع تبديل", "قطع السيارات", "محل قطع غيار"]),
        new("tyres", 12, ["tire_shop", "car_repair", "store", "point_of_interest", "establishment"],
            [new("Pneus {0}", "عجلات {0}"), new("{1} Pneumatiques", "إطارات {1}")],
            ["pneu", "pneus", "pneumatique", "vulcanisation", "parallelisme", "tyres", "tires", "tire shop", "عجلات", "عجلات السيارات", "إطارات"]),
        new("electrician", 12, ["car_repair", "electrician", "point_of_interest", "establishment"],
            [new("Électricité Auto {0}", "كهرباء السيارات {0}"), new("Diagnostic Auto {0}", "تشخيص السيارات {0}")],
            ["electricien auto", "electricite auto", "electricien automobile", "diagnostic", "diagnostic auto", "batterie", "batterie auto", "auto electrician",
             "كهربائي سيارات", "كهرباء السيارات", "بطاريات"]),
        new("dealer", 8, ["car_dealer", "store", "point_of_interest", "establishment"],
            [new("{0} Automobiles", "سيارات {0}"), new("Concession {0}", "وكالة {0} للسيارات")],
            ["concessionnaire", "concessionnaire auto", "concession", "vente voiture", "vente voitures occasion", "voiture occasion", "showroom auto",
             "car dealer", "dealer", "وكالة سيارات", "وكيل سيارات", "بيع السيارات", "معرض سيارات"]),
    ];
}
