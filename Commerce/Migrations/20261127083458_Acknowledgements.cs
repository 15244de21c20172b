using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Commerce.Migrations
{
    /// <inheritdoc />
    public partial class Acknowledgements : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "acknowledged_at",
                table: "reconciliation_differences",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "acknowledged_by",
                table: "reconciliation_differences",
                type: "character varying(254)",
                maxLength: 254,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "acknowledged_ledger_minor",
                table: "reconciliation_differences",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "acknowledged_reason",
                table: "reconciliation_differences",
                type: "character varying(500)",
                maxLength: 500,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "acknowledged_stripe_minor",
                table: "reconciliation_differences",
                type: "bigint",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "acknowledged_at",
                table: "reconciliation_differences");

            migrationBuilder.DropColumn(
                name: "acknowledged_by",
                table: "reconciliation_differences");

            migrationBuilder.DropColumn(
                name: "acknowledged_ledger_minor",
                table: "reconciliation_differences");

            migrationBuilder.DropColumn(
                name: "acknowledged_reason",
                table: "reconciliation_differences");

            migrationBuilder.DropColumn(
                name: "acknowledged_stripe_minor",
                table: "reconciliation_differences");
        }
    }
}
