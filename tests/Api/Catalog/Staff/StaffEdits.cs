using System.Net.Http.Json;
using Tests.Api.Staff;

namespace Tests.Api.Catalog.Staff;

/// <summary>Calls of staff, with the ETag they read and the reason they give.</summary>
internal static class StaffEdits
{
    /// <summary>The ETag after an edit that must succeed.</summary>
    public static async Task<string> EditAsync(this HttpClient staff, HttpMethod method, string path, string etag, object? body)
    {
        var answer = await staff.CallAsync(method, path, etag, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return answer.Headers.ETag!.Tag;
    }

    public static async Task<string> CodeAsync(this Task<HttpResponseMessage> call) => (await (await call).Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetProperty("code").GetString()!;

    /// <summary>The id and the ETag of the product that is on sale under the slug.</summary>
    public static async Task<(string Id, string ETag)> FindAsync(this HttpClient staff, string slug)
    {
        var found = await ShopApi.OkAsync(staff.GetAsync($"/api/v1/admin/products?search={slug}"));
        var id = found.GetProperty("items").EnumerateArray().Single(i => i.GetProperty("slug").GetString() == slug).GetProperty("id").GetString()!;
        return (id, (await staff.GetAsync($"/api/v1/admin/products/{id}")).Headers.ETag!.Tag);
    }
}
