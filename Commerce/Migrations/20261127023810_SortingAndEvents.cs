using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Commerce.Migrations
{
    /// <inheritdoc />
    public partial class SortingAndEvents : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_products_title_id",
                table: "products");

            migrationBuilder.DropIndex(
                name: "ix_outbox_key",
                table: "outbox");

            migrationBuilder.CreateIndex(
                name: "ix_products_title_id",
                table: "products",
                columns: new[] { "title", "id" })
                .Annotation("Relational:Collation", new[] { "und-x-icu" });

            migrationBuilder.CreateIndex(
                name: "ix_outbox_key",
                table: "outbox",
                columns: new[] { "kind", "batch_key", "run_after" },
                filter: "state = 'pending' and batch_key is not null");

            migrationBuilder.RenewTriggers();
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_products_title_id",
                table: "products");

            migrationBuilder.DropIndex(
                name: "ix_outbox_key",
                table: "outbox");

            migrationBuilder.CreateIndex(
                name: "ix_products_title_id",
                table: "products",
                columns: new[] { "title", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_outbox_key",
                table: "outbox",
                columns: new[] { "kind", "batch_key" },
                filter: "state in ('pending', 'running') and batch_key is not null");
        }
    }
}
