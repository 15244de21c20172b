using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
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

    /// <summary>The run of an import that was accepted, once it has ended.</summary>
    /// <param name="sender">Who sends the file, if it is somebody else than who looks after it.</param>
    public static async Task<JsonElement> ImportAsync(this HttpClient staff, HttpContent file, HttpClient? sender = null)
    {
        var started = await (sender ?? staff).PostAsync("/api/v1/admin/imports", file);
        Assert.True(started.StatusCode == HttpStatusCode.Accepted, await started.Content.ReadAsStringAsync());
        for (var tries = 0; tries < 600; tries++, await Task.Delay(100))
        {
            var run = await ShopApi.OkAsync(staff.GetAsync(started.Headers.Location));
            if (run.GetProperty("state").GetString() is "done" or "failed") return run;
        }
        throw new TimeoutException("The import does not end.");
    }

    public static async Task<string> CodeAsync(this Task<HttpResponseMessage> call) => (await (await call).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()!;

    /// <summary>The id and the ETag of the product that is on sale under the slug.</summary>
    public static async Task<(string Id, string ETag)> FindAsync(this HttpClient staff, string slug)
    {
        var found = await ShopApi.OkAsync(staff.GetAsync($"/api/v1/admin/products?search={slug}"));
        var id = found.GetProperty("items").EnumerateArray().Single(i => i.GetProperty("slug").GetString() == slug).GetProperty("id").GetString()!;
        return (id, (await staff.GetAsync($"/api/v1/admin/products/{id}")).Headers.ETag!.Tag);
    }
}
