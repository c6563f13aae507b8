using Microsoft.EntityFrameworkCore;
using Shabou.Schema.Catalog;
using Shabou.Schema.Constraints;
using Shabou.Schema.Forecast;
using Shabou.Schema.Identity;
using Shabou.Schema.Jobs;
using Shabou.Schema.Ops;
using Shabou.Schema.Prospector;

namespace Shabou.Schema;

/// <summary>The one description of the database. Services own no other context; only Migrator changes the schema.</summary>
public sealed class ShabouContext(DbContextOptions<ShabouContext> options) : DbContext(options)
{
    /// <summary>The connection name under which services find the database: <c>ConnectionStrings:shabou</c>.</summary>
    public const string ConnectionName = "shabou";

    public DbSet<Brand> Brands => Set<Brand>();
    public DbSet<Category> Categories => Set<Category>();
    public DbSet<Product> Products => Set<Product>();
    public DbSet<ReferenceNumber> ReferenceNumbers => Set<ReferenceNumber>();
    public DbSet<Vehicle> Vehicles => Set<Vehicle>();
    public DbSet<Fitment> Fitments => Set<Fitment>();
    public DbSet<Warehouse> Warehouses => Set<Warehouse>();
    public DbSet<StockLevel> StockLevels => Set<StockLevel>();
    public DbSet<StockReservation> StockReservations => Set<StockReservation>();
    public DbSet<Supplier> Suppliers => Set<Supplier>();
    public DbSet<PriceList> PriceLists => Set<PriceList>();
    public DbSet<PriceListError> PriceListErrors => Set<PriceListError>();
    public DbSet<Price> Prices => Set<Price>();
    public DbSet<PriceChange> PriceChanges => Set<PriceChange>();
    public DbSet<Assortment> Assortments => Set<Assortment>();
    public DbSet<PriceIndexPoint> PriceIndexPoints => Set<PriceIndexPoint>();
    public DbSet<ForecastCopy> ForecastCopies => Set<ForecastCopy>();
    public DbSet<Alert> Alerts => Set<Alert>();
    public DbSet<AlertRuleState> AlertRuleStates => Set<AlertRuleState>();
    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();
    public DbSet<IdempotentRequest> IdempotentRequests => Set<IdempotentRequest>();
    public DbSet<DemandSeries> DemandSeries => Set<DemandSeries>();
    public DbSet<DemandObservation> DemandObservations => Set<DemandObservation>();
    public DbSet<ModelVersion> ModelVersions => Set<ModelVersion>();
    public DbSet<SeriesForecast> Forecasts => Set<SeriesForecast>();
    public DbSet<AccuracyRow> Accuracy => Set<AccuracyRow>();
    public DbSet<PlanningParameters> Planning => Set<PlanningParameters>();
    public DbSet<Promotion> Promotions => Set<Promotion>();
    public DbSet<ForecastOverride> ForecastOverrides => Set<ForecastOverride>();
    public DbSet<PartAccuracyRow> PartAccuracy => Set<PartAccuracyRow>();
    public DbSet<ModelArtifact> ModelArtifacts => Set<ModelArtifact>();
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
    public DbSet<User> Users => Set<User>();
    public DbSet<Session> Sessions => Set<Session>();
    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();
    public DbSet<SignInCode> SignInCodes => Set<SignInCode>();
    public DbSet<BootstrapToken> BootstrapTokens => Set<BootstrapToken>();
    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();
    public DbSet<SecretVersion> SecretVersions => Set<SecretVersion>();
    public DbSet<Backup> Backups => Set<Backup>();
    public DbSet<Heartbeat> Heartbeats => Set<Heartbeat>();
    public DbSet<Job> Jobs => Set<Job>();
    public DbSet<FinishedJob> FinishedJobs => Set<FinishedJob>();
    public DbSet<JobRecord> AllJobs => Set<JobRecord>();
    public DbSet<JobKey> JobKeys => Set<JobKey>();
    public DbSet<JobWorkerSeen> JobWorkers => Set<JobWorkerSeen>();
    public DbSet<JobMinute> JobMinutes => Set<JobMinute>();
    public DbSet<JobSchedule> JobSchedules => Set<JobSchedule>();
    public DbSet<Campaign> Campaigns => Set<Campaign>();
    public DbSet<CampaignRun> CampaignRuns => Set<CampaignRun>();
    public DbSet<CampaignLead> CampaignLeads => Set<CampaignLead>();
    public DbSet<Lead> Leads => Set<Lead>();
    public DbSet<LeadPlace> LeadPlaces => Set<LeadPlace>();
    public DbSet<LeadContact> LeadContacts => Set<LeadContact>();
    public DbSet<ContactConsent> ContactConsents => Set<ContactConsent>();
    public DbSet<LeadStageChange> LeadStageChanges => Set<LeadStageChange>();
    public DbSet<LeadExport> LeadExports => Set<LeadExport>();
    public DbSet<Suppression> Suppressions => Set<Suppression>();
    public DbSet<GoogleContent> GoogleContents => Set<GoogleContent>();
    public DbSet<BudgetWindow> BudgetWindows => Set<BudgetWindow>();
    public DbSet<BudgetReservation> BudgetReservations => Set<BudgetReservation>();
    public DbSet<BudgetSwitch> BudgetSwitches => Set<BudgetSwitch>();
    public DbSet<BudgetChange> BudgetChanges => Set<BudgetChange>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasPostgresExtension("pg_trgm");
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(ShabouContext).Assembly);
        SnakeCase.Apply(modelBuilder.Model);
        EnumChecks.Apply(modelBuilder.Model);
        Invariants.Apply(modelBuilder.Model);
    }
}
