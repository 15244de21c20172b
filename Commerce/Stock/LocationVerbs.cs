using System.Data;
using Commerce.Audit;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Commerce.Stock;

/// <summary>A location as staff see it.</summary>
public sealed record LocationView(Guid Id, string Name, int Priority, int Version);

/// <summary>All locations, in the order in which orders take from them.</summary>
public sealed record LocationList(IReadOnlyList<LocationView> Items);

/// <summary>What staff do with the places stock lies in.</summary>
public static class LocationVerbs
{
    public static async Task<LocationList> ListLocationsAsync(this ShopDb db, CancellationToken cancellation) =>
        new(await db.Locations.AsNoTracking().OrderBy(l => l.Priority).ThenBy(l => l.Name).Select(l => new LocationView(l.Id, l.Name, l.Priority, l.Version)).ToListAsync(cancellation));

    public static async Task<Outcome<LocationView>> FindLocationAsync(this ShopDb db, Guid id, CancellationToken cancellation) =>
        await db.Locations.AsNoTracking().FirstOrDefaultAsync(l => l.Id == id, cancellation) is { } location ? ViewOf(location) : StockRefusals.UnknownLocation();

    public static Task<Outcome<LocationView>> AddLocationAsync(this ShopDb db, string name, int priority, Actor actor, string? reason, CancellationToken cancellation)
    {
        var location = new Location { Id = Guid.CreateVersion7(), Name = name, Priority = priority };
        db.Locations.Add(location);
        db.Audit(actor, "stock.location-added", $"location:{location.Id}", reason, new { name, priority });
        return db.SaveNamedAsync(location, cancellation);
    }

    /// <param name="seen">The version the actor was looking at.</param>
    /// <exception cref="DbUpdateConcurrencyException">Somebody has changed it since.</exception>
    public static async Task<Outcome<LocationView>> ChangeLocationAsync(this ShopDb db, Guid id, int seen, string name, int priority, Actor actor, string? reason, CancellationToken cancellation)
    {
        if (await db.Locations.FirstOrDefaultAsync(l => l.Id == id, cancellation) is not { } location) return StockRefusals.UnknownLocation();
        db.Entry(location).Property(l => l.Version).OriginalValue = seen;
        (location.Name, location.Priority, location.Version) = (name, priority, seen + 1);
        db.Audit(actor, "stock.location-changed", $"location:{id}", reason, new { name, priority });
        return await db.SaveNamedAsync(location, cancellation);
    }

    /// <summary>Only a location that never held stock can go: its ledger stays for ever.</summary>
    public static async Task<Outcome<LocationView>> RemoveLocationAsync(this ShopDb db, Guid id, Actor actor, string? reason, CancellationToken cancellation)
    {
        if (await db.Locations.FirstOrDefaultAsync(l => l.Id == id, cancellation) is not { } location) return StockRefusals.UnknownLocation();
        if (id == Location.MainId) return InUse();
        db.Locations.Remove(location);
        db.Audit(actor, "stock.location-removed", $"location:{id}", reason, new { location.Name });
        try
        {
            await db.SaveChangesAsync(cancellation);
            return ViewOf(location);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.RestrictViolation })
        {
            return InUse();
        }

        static Refusal InUse() => new(StockRefusals.LocationInUse, "Stock lies there, or did; its ledger stays.");
    }

    private static async Task<Outcome<LocationView>> SaveNamedAsync(this ShopDb db, Location location, CancellationToken cancellation)
    {
        try
        {
            await db.SaveChangesAsync(cancellation);
            return ViewOf(location);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return new Refusal(StockRefusals.LocationNameTaken, $"There is a location called '{location.Name}' already.");
        }
    }

    private static LocationView ViewOf(Location location) => new(location.Id, location.Name, location.Priority, location.Version);
}
