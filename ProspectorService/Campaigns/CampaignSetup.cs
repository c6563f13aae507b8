using Shabou.Jobs;

namespace Shabou.ProspectorService.Campaigns;

internal static class CampaignSetup
{
    public static void AddCampaigns(this IHostApplicationBuilder builder)
    {
        builder.Services.AddScoped<StartRun>();
        builder.Services.AddScoped<PageFetch>();
        builder.Services.AddScoped<RunStore>();
        builder.Services.AddJobHandler<CampaignRunner, CampaignRunner.Order>(CampaignRunner.Kind);
        builder.Services.AddJobHandler<DueCampaigns, DueCampaigns.Order>(DueCampaigns.Kind);
        builder.Services.AddJobSchedule("prospector.due-campaigns", "0 30 3 * * ?", DueCampaigns.Kind, new DueCampaigns.Order()); // each night, after the hour that campaigns name by default
    }
}
