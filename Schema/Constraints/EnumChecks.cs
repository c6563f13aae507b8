using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Shabou.Schema.Constraints;

/// <summary>A column that stores the name of an enum's value holds one of those names: the enum is the only list.</summary>
internal static class EnumChecks
{
    public static void Apply(IMutableModel model)
    {
        foreach (var entity in model.GetEntityTypes().Where(e => e.GetTableName() is not null && e.GetViewName() is null))
            foreach (var property in entity.GetProperties())
            {
                var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
                var column = property.GetColumnName();
                if (!type.IsEnum || !IsText(property) || entity.GetCheckConstraints().Any(check => check.Sql.StartsWith($"{column} IN (", StringComparison.Ordinal))) continue;
                entity.AddCheckConstraint($"ck_{entity.GetTableName()}_{column}_known", $"{column} IN ({string.Join(", ", Enum.GetNames(type).Select(name => $"'{name}'"))})");
            }
    }

    private static bool IsText(IMutableProperty property) => property.GetProviderClrType() == typeof(string) || property.GetValueConverter()?.ProviderClrType == typeof(string);
}
