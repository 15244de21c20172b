using Local.Web;

namespace Local.Mail.Pages;

/// <summary>What every page of the mail emulator has around it.</summary>
internal static class Frame
{
    public static readonly Emulator Emulator = new("Letter Tray", Html.Of($"""
        <header class="bar">
          <a class="name" href="/">Letter Tray</a>
          <p>Mail that was sent here stays here. Nothing is delivered.</p>
        </header>
        """), "/assets/", "tray", "connect-src 'self'; img-src 'self' data:; frame-src 'self'");

    public static IResult Page(string title, Html body, int status = StatusCodes.Status200OK) => Emulator.Page(title, Html.Of($"""<main id="main">{body}</main>"""), status);
}
