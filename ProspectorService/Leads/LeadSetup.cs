using Shabou.Jobs;
using Shabou.ProspectorService.Audit;
using Shabou.ProspectorService.Matching;

namespace Shabou.ProspectorService.Leads;

internal static class LeadSetup
{
    public static void AddLeads(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<LeadOptions>().BindConfiguration(LeadOptions.Section).ValidateDataAnnotations()
            .Validate(o => o.NamesGovernorates(), $"{LeadOptions.Section}:HomeGovernorates must be codes of governorates, such as TN-11, separated by spaces.")
            .ValidateOnStart();
        builder.Services.AddScoped<LeadMatch>();
        builder.Services.AddScoped<LeadStore>();
        builder.Services.AddScoped<LeadReader>();
        builder.Services.AddSingleton<AuditActor>();
        builder.Services.AddScoped<ContentPurge>();
        builder.Services.AddJobHandler<PurgeContent, PurgeContent.Order>(PurgeContent.Kind);
        builder.Services.AddJobSchedule("prospector.purge-content", "0 10 * * * ?", PurgeContent.Kind, new PurgeContent.Order()); // each hour
    }
}
