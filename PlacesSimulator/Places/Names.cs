namespace Shabou.PlacesSimulator.Places;

/// <summary>Families and streets that invented places are named after and stand in.</summary>
internal static class Names
{
    public static readonly BilingualName[] Families =
    [
        new("Ben Salah", "بن صالح"), new("Trabelsi", "الطرابلسي"), new("Jaziri", "الجزيري"), new("Mejri", "الماجري"), new("Hammami", "الهمامي"),
        new("Gharbi", "الغربي"), new("Ayari", "العياري"), new("Chebbi", "الشابي"), new("Mansouri", "المنصوري"), new("Khelifi", "الخليفي"),
        new("Dridi", "الدريدي"), new("Mabrouk", "مبروك"), new("Sassi", "الساسي"), new("Zouari", "الزواري"), new("Karoui", "القروي"),
        new("Ben Youssef", "بن يوسف"), new("Jlassi", "الجلاصي"), new("Nasri", "النصري"), new("Rezgui", "الرزقي"), new("Brahmi", "البراهمي"),
        new("Cherif", "الشريف"), new("Haddad", "الحداد"), new("Labidi", "العبيدي"), new("Marzouki", "المرزوقي"), new("Oueslati", "الوسلاتي"),
        new("Saidi", "السعيدي"), new("Tlili", "التليلي"), new("Zaouali", "الزوالي"), new("Frères Agrebi", "الإخوة العقربي"), new("El Amel", "الأمل"),
        new("Ennour", "النور"), new("El Baraka", "البركة"), new("Carthage", "قرطاج"), new("Hannibal", "حنبعل"), new("Le Sahel", "الساحل"), new("Étoile", "النجم"),
    ];

    public static readonly BilingualName[] Streets =
    [
        new("Avenue Habib Bourguiba", "شارع الحبيب بورقيبة"), new("Rue de la République", "نهج الجمهورية"), new("Avenue Farhat Hached", "شارع فرحات حشاد"),
        new("Rue Ibn Khaldoun", "نهج ابن خلدون"), new("Avenue de l'Environnement", "شارع البيئة"), new("Zone industrielle", "المنطقة الصناعية"),
        new("Rue Ali Belhouane", "نهج علي البلهوان"), new("Avenue Taïeb Mhiri", "شارع الطيب المهيري"), new("Rue de Palestine", "نهج فلسطين"),
        new("Avenue de l'Indépendance", "شارع الاستقلال"), new("Route de ceinture", "الطريق الحزامية"), new("Rue du 18 Janvier", "نهج 18 جانفي"),
    ];
}
