using System.Text.Json;
using Commerce.Stock;

namespace Tests.Api.Staff;

/// <summary>Cursors of the staff's lists look alike: ids, or numbers of rows. Each is a place in its own list only.</summary>
public class ForeignCursorTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task A_cursor_of_one_list_is_refused_by_every_other_and_taken_by_its_own()
    {
        var (products, levels) = (await CursorAsync("/products"), await CursorAsync("/stock"));
        string[] lists = ["/accounts", "/api-keys", "/collections", "/imports", "/mail", "/orders", "/products", "/reconciliation", "/stock", "/webhook-endpoints"];
        foreach (var (cursor, own) in ((string, string)[])[(products, "/products"), (levels, "/stock")])
            foreach (var list in lists)
            {
                var answer = await shop.Admin.GetAsync($"/api/v1/admin{list}?cursor={cursor}");
                var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
                if (list == own) Assert.True(answer.IsSuccessStatusCode, $"{list}: {body}");
                else Assert.True((int)answer.StatusCode == 400 && body.GetProperty("code").GetString()!.EndsWith(".cursor-invalid", StringComparison.Ordinal), $"{list} takes the cursor of {own}: {body}");
            }
    }

    [Fact]
    public async Task A_cursor_of_the_audit_trail_is_none_of_a_ledger_nor_the_other_way_round()
    {
        var variant = await shop.AddGoodsAsync(stock: 1);
        for (var i = 0; i < 2; i++) await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, $"/stock/{variant}/adjustments", new { locationId = Location.MainId, delta = 1 }));
        var (audit, ledger) = (await CursorAsync("/audit"), await CursorAsync($"/stock/{variant}/ledger"));
        await shop.Staff.ReadAsync($"/audit?cursor={audit}");
        await shop.Staff.ReadAsync($"/stock/{variant}/ledger?cursor={ledger}");
        await shop.Staff.AssertRefusedAsync(HttpMethod.Get, $"/audit?cursor={ledger}", null, 400, "audit.cursor-invalid");
        await shop.Staff.AssertRefusedAsync(HttpMethod.Get, $"/stock/{variant}/ledger?cursor={audit}", null, 400, "stock.cursor-invalid");
    }

    private async Task<string> CursorAsync(string list) => (await shop.Staff.ReadAsync($"{list}?limit=1")).GetProperty("nextCursor").GetString()!;
}
