using Local.Web;

namespace Local.Stripe.Pages;

/// <summary>What every page of the Stripe emulator has around it.</summary>
internal static class Frame
{
    public static readonly Emulator Emulator = new("Tin Till", Html.Of($"""
        <header class="strip"><p><strong>Tin Till</strong> <span>Test emulator of the Stripe protocol. No bank is asked and no money moves.</span></p></header>
        """), "/_emulator/assets/", "till", "img-src 'self' data: http: https:");

    /// <inheritdoc cref="Emulator.Page"/>
    public static IResult Page(string title, Html body, int status = StatusCodes.Status200OK, params IEnumerable<string?> mayGoTo) => Emulator.Page(title, body, status, mayGoTo);
}
