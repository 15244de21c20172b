namespace Tests.Mail;

/// <summary>Controls that are told what makes no sense: they say what is wrong and what is taken, and nothing has changed.</summary>
public sealed class ControlInputTests : IAsyncLifetime
{
    private MailRun _run = null!;

    public async ValueTask InitializeAsync() => _run = await MailRun.StartAsync();

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Theory]
    [InlineData("""{"kind":"Refused"}""", "kind must be one of Refuse, Delay, Hang, DropInData, DropAfterAccept")]
    [InlineData("""{"kind":1}""", "kind must be one of")]
    [InlineData("{}", "kind is missing")]
    [InlineData("""{"kind":"Refuse","at":"Rcpt"}""", "at must be one of Mail, Recipient, Data, End")]
    [InlineData("""{"kind":"Refuse","code":250}""", "code must be a whole number from 400 to 599, not 250")]
    [InlineData("""{"kind":"Refuse","code":"550"}""", "code must be")]
    [InlineData("""{"kind":"Refuse","text":"größe"}""", "text must be from 1 to 200 printable ASCII characters")]
    [InlineData("""{"kind":"Refuse","text":null}""", "text must be")]
    [InlineData("""{"kind":"Refuse","text":""}""", "text must be")]
    [InlineData("""{"kind":"Refuse","recipient":""}""", "recipient must be a part of an address")]
    [InlineData("""{"kind":"Refuse","messages":0}""", "messages must be a whole number from 1 to 1000000")]
    [InlineData("""{"kind":"Delay","milliseconds":3600001}""", "milliseconds must be a whole number from 0 to 3600000")]
    [InlineData("""{"kind":"Refuse","calls":2}""", "calls is not known", "messages")]
    [InlineData("{\"kind\"", "one JSON object")]
    public async Task A_fault_that_is_none_is_refused_and_the_next_mail_is_taken(string body, params string[] words)
    {
        await Refused.AsAsync(_run.Http, 400, "POST", "/_emulator/faults", body, words);
        Assert.Equal("[]", await _run.Http.GetStringAsync("/_emulator/faults"));
        await _run.SendAsync(Mails.Receipt());
        Assert.Equal(1, (int)(await _run.ListAsync())["total"]!);
    }

    [Theory]
    [InlineData("GET", "/api/messages?limit=0", null, 400, "limit must be a whole number from 1 to 1000, not 0")]
    [InlineData("GET", "/api/messages?limit=x", null, 400, "limit must be a whole number")]
    [InlineData("GET", "/api/messages?limit=1&limit=2", null, 400, "limit is there more than once")]
    [InlineData("GET", "/api/messages?too=ada", null, 400, "too is not known", "subject")]
    [InlineData("GET", "/api/messages/nothing", null, 404, "There is no message 'nothing'", "/api/messages")]
    [InlineData("GET", "/api/messages/nothing/source", null, 404, "There is no message 'nothing'")]
    [InlineData("DELETE", "/api/messages/nothing", null, 404, "There is no message 'nothing'")]
    [InlineData("DELETE", "/api/messages?subject=x", null, 400, "subject is not known")]
    [InlineData("PUT", "/api/messages", "{}", 404, "There is no PUT /api/messages", "DELETE /api/messages")]
    [InlineData("POST", "/_emulator/reset", "[1]", 400, "takes no body")]
    [InlineData("GET", "/_emulator/port", null, 404, "There is no GET /_emulator/port", "GET /_emulator/smtp")]
    public async Task What_is_asked_wrongly_is_told_and_the_mail_is_still_there(string method, string path, string? body, int status, params string[] words)
    {
        await _run.SendAsync(Mails.Receipt());
        await Refused.AsAsync(_run.Http, status, method, path, body, words);
        Assert.Equal(1, (int)(await _run.ListAsync())["total"]!);
    }
}
