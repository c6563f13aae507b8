namespace Shabou.ProspectorService.Leads;

internal static class LeadSetup
{
    public static void AddLeads(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<LeadOptions>().BindConfiguration(LeadOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddScoped<LeadStore>();
        builder.Services.AddHostedService<ContentPurge>();
    }
}
