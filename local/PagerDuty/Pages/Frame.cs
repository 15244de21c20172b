using Local.Web;

namespace Local.PagerDuty.Pages;

/// <summary>What every page of the PagerDuty emulator has around it.</summary>
internal static class Frame
{
    public static readonly Emulator Emulator = new("Night Bell", Html.Of($"""
        <header class="bar">
          <a class="name" href="/">Night Bell</a>
          <p>PagerDuty's stand-in. It rings for nobody, but it would have.</p>
        </header>
        """), "/assets/", "bell", "connect-src 'self'; img-src 'self' data:");

    public static IResult Page(string title, Html body, int status = StatusCodes.Status200OK) => Emulator.Page(title, Html.Of($"""<main id="main">{body}</main>"""), status);
}
