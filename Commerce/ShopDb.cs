using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Commerce.Accounts;
using Commerce.Audit;
using Commerce.Baskets;
using Commerce.Catalog;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Pricing;
using Commerce.Shipping;
using Commerce.Stock;
using Commerce.Taxes;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Commerce;

/// <summary>The shop's tables. Every concept maps its own entities beside them; this class only gathers them.</summary>
public sealed class ShopDb : DbContext, IDataProtectionKeyContext
{
    private const int PreparedStatements = 200;
    private static readonly DoubtfulConnections Doubtful = new();

    // No savepoint around every SaveChanges of a transaction: two round trips each, and nobody goes on after a statement that failed.
    public ShopDb(DbContextOptions<ShopDb> options) : base(options) => Database.AutoSavepointsEnabled = false;

    public DbSet<Product> Products => Set<Product>();
    public DbSet<Variant> Variants => Set<Variant>();
    public DbSet<Collection> Collections => Set<Collection>();
    public DbSet<Location> Locations => Set<Location>();
    public DbSet<StockItem> StockItems => Set<StockItem>();
    public DbSet<StockMovement> StockMovements => Set<StockMovement>();
    public DbSet<BundleComponent> BundleComponents => Set<BundleComponent>();
    public DbSet<Reservation> Reservations => Set<Reservation>();
    public DbSet<Basket> Baskets => Set<Basket>();
    public DbSet<ShopPolicy> ShopPolicies => Set<ShopPolicy>();
    public DbSet<Currency> Currencies => Set<Currency>();
    public DbSet<ShippingZone> ShippingZones => Set<ShippingZone>();
    public DbSet<ShippingRate> ShippingRates => Set<ShippingRate>();
    public DbSet<ShippingZoneCountry> ShippingCountries => Set<ShippingZoneCountry>();
    public DbSet<VatRate> VatRates => Set<VatRate>();
    public DbSet<Order> Orders => Set<Order>();
    public DbSet<IdempotencyRecord> IdempotencyRecords => Set<IdempotencyRecord>();
    public DbSet<Fulfilment> Fulfilments => Set<Fulfilment>();
    public DbSet<Payment> Payments => Set<Payment>();
    public DbSet<PaymentMovement> PaymentMovements => Set<PaymentMovement>();
    public DbSet<Refund> Refunds => Set<Refund>();
    public DbSet<Dispute> Disputes => Set<Dispute>();
    public DbSet<ReconciliationRun> ReconciliationRuns => Set<ReconciliationRun>();
    public DbSet<ReconciliationDifference> ReconciliationDifferences => Set<ReconciliationDifference>();
    public DbSet<StripeEvent> StripeEvents => Set<StripeEvent>();
    public DbSet<Account> Accounts => Set<Account>();
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    /// <summary>What signs and encrypts cookies and sessions; every instance of the Api reads the same ones.</summary>
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>
    /// How every host configures the context: not in OnConfiguring, because pooled contexts forbid it. Retries are few and quick: they bridge
    /// a broken connection; when PostgreSQL is away a request says so within seconds (503), and jobs have their own back-off.
    /// </summary>
    public static void Conventions(DbContextOptionsBuilder options) => options.UseSnakeCaseNamingConvention().AddInterceptors(Doubtful)
        .UseNpgsql(npgsql => npgsql.ExecutionStrategy(dependencies => new BriefRetries(dependencies)));

    /// <summary>
    /// A connection string as every host uses it: of several servers the writer, whichever that is at the moment, for decisions are never read from a replica;
    /// and statements are prepared by themselves from their second use on, unless it says how many itself: a proxy that shares connections between clients
    /// (pgbouncer in transaction mode, RDS Proxy) wants <c>Max Auto Prepare=0</c>. Connections go back to the pool as they are (decision 0108).
    /// </summary>
    [return: NotNullIfNotNull(nameof(connectionString))]
    public static string? Prepared(string? connectionString)
    {
        if (connectionString is null) return null;
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (settings.Host?.Contains(',') == true) settings.TargetSessionAttributes = "primary";
        var said = new DbConnectionStringBuilder { ConnectionString = connectionString };
        if (!said.ContainsKey("Max Auto Prepare")) (settings.MaxAutoPrepare, settings.AutoPrepareMinUsages) = (PreparedStatements, 2);
        if (!said.ContainsKey("No Reset On Close")) settings.NoResetOnClose = true;
        return settings.ConnectionString;
    }

    /// <summary>
    /// Whether PostgreSQL could not be reached or broke off, retries included: what a loop in the background outlives. A background service that
    /// lets one of these escape ends its whole host.
    /// </summary>
    public static bool IsOutage(Exception failure) =>
        failure is DbException or RetryLimitExceededException or DbUpdateException or TimeoutException or InvalidOperationException;

    /// <summary>An outage, as opposed to an answer: what PostgreSQL refuses is a fault of ours.</summary>
    public static bool IsAway(Exception failure) => IsOutage(failure) && failure.GetBaseException() is not PostgresException { IsTransient: false };

    /// <summary>
    /// Whether a request or a batch failed because the writer could not be reached, or is none any more: nobody's fault, and gone when it is back. Narrower than
    /// <see cref="IsAway"/>, whose loops have nobody to tell.
    /// </summary>
    public static bool IsUnreachable(Exception? failure) => failure switch
    {
        null => false,
        NpgsqlOperationInProgressException => false, // a fault of ours
        RetryLimitExceededException or NpgsqlException { IsTransient: true } or TimeoutException => true,
        NpgsqlException and not PostgresException => true, // of the connection, not of the statement: while another server takes over, "no suitable host"
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => true, // a server that is no longer the writer
        _ => IsUnreachable(failure.InnerException),
    };

    /// <summary>A context of one's own, outside dependency injection: tests, the command line and dotnet-ef.</summary>
    public static ShopDb Open(NpgsqlDataSource source)
    {
        var options = new DbContextOptionsBuilder<ShopDb>();
        options.UseNpgsql(source);
        Conventions(options);
        return new ShopDb(options.Options);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(ShopDb).Assembly);
        modelBuilder.HasDbFunction(() => RecipientNames.IsNamed("", "")).HasName("is_named");
    }
}
