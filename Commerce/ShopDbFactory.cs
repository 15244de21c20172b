using Microsoft.EntityFrameworkCore.Design;
using Npgsql;

namespace Commerce;

/// <summary>For dotnet-ef only, which needs the model and no server: see CONTRIBUTING for the command that adds a migration.</summary>
internal sealed class ShopDbFactory : IDesignTimeDbContextFactory<ShopDb>
{
    public ShopDb CreateDbContext(string[] args) => ShopDb.Open(NpgsqlDataSource.Create("Host=localhost;Database=shop"));
}
