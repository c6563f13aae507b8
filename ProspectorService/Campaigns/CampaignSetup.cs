using Shabou.Jobs;

namespace Shabou.ProspectorService.Campaigns;

internal static class CampaignSetup
{
    public static void AddCampaigns(this IHostApplicationBuilder builder)
    {
        builder.Services.AddScoped<StartRun>();
        builder.Services.AddScoped<PageFetch>();
        builder.Services.AddScoped<RunStore>();
        builder.Services.AddJobHandler<CampaignRunner>(CampaignRunner.Kind);
        builder.Services.AddJobHandler<DueCampaigns>(DueCampaigns.Kind);
    }
}
