using System.Net.Http.Json;

namespace Tests.System;

/// <summary>A mail as the emulator's JSON shows it.</summary>
internal sealed record ReceivedMail(string Id, string Subject, string Text, string Html, IReadOnlyList<MailHeader> Headers)
{
    public string Header(string name) =>
        Headers.First(header => string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase)).Value;
}

internal sealed record MailHeader(string Name, string Value);

/// <summary>Reads what the mail emulator has really received over SMTP.</summary>
internal static class Inbox
{
    private static readonly TimeSpan Arrives = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ASecondCopyWouldHaveArrived = TimeSpan.FromSeconds(2);

    public static async Task<IReadOnlyList<ReceivedMail>> MailsToAsync(Stack stack, string address)
    {
        using var client = new HttpClient { BaseAddress = stack.MailPage };
        var list = await client.GetFromJsonAsync<MailList>($"/api/messages?to={Uri.EscapeDataString(address)}");
        var mails = new List<ReceivedMail>();
        foreach (var item in list!.Items)
            mails.Add((await client.GetFromJsonAsync<ReceivedMail>($"/api/messages/{item.Id}"))!);
        return mails;
    }

    /// <summary>Waits for a mail to <paramref name="address"/> and makes sure that no second one follows it.</summary>
    public static async Task<ReceivedMail> OnlyMailToAsync(Stack stack, string address)
    {
        using var limit = new CancellationTokenSource(Arrives);
        while ((await MailsToAsync(stack, address)).Count == 0)
            await Task.Delay(100, limit.Token);
        await Task.Delay(ASecondCopyWouldHaveArrived);
        return Assert.Single(await MailsToAsync(stack, address));
    }

    private sealed record MailList(IReadOnlyList<MailItem> Items);

    private sealed record MailItem(string Id);
}
