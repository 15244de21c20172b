using Commerce.Catalog;

namespace Tests.Commerce.Catalog;

/// <summary>What may stand in the shop's own page beside the button that buys.</summary>
public class DescriptionTextTests
{
    [Theory]
    [InlineData("""<p>a</p><form action="https://evil.example/"><input name="card"><button style="position:fixed;inset:0;z-index:9999">Pay</button></form>""", "<p>a</p>")]
    [InlineData("""<input name="card"><button>Pay</button><textarea>t</textarea><select><option>o</option></select><label>l</label><iframe src="https://evil.example/"></iframe>""", "")]
    [InlineData("""<script>alert(1)</script><style>p{position:fixed}</style><svg><a>s</a></svg><object data="x"></object><meta http-equiv="refresh"><base href="/x">""", "")]
    [InlineData("""<a href="javascript:alert(1)" onclick="alert(1)" id="checkout" class="button" name="x" form="y" formaction="z">l</a>""", "<a>l</a>")]
    [InlineData("""<div style="position:fixed;inset:0;top:0;z-index:9;display:flex;transform:scale(9);opacity:0;pointer-events:none;content:'x'">d</div>""", "<div>d</div>")]
    [InlineData("""<div style="background-image:url(https://evil.example/a);list-style-image:url(b);cursor:url(c),auto">d</div>""", "<div>d</div>")]
    [InlineData("""<p style="margin-top:-500px">m</p><p style="text-indent:-99em">i</p><p style="margin-left:calc(0px - 500px)">c</p><p style="width:var(--x)">v</p>""", "<p>m</p><p>i</p><p>c</p><p>v</p>")]
    public void What_asks_for_input_or_leaves_its_place_does_not_stay(string html, string clean) => Assert.Equal(clean, DescriptionText.Sanitizer.Sanitize(html));

    [Theory]
    [InlineData("""<h2>Size</h2><p>Printed <b>by</b> <em>hand</em>.<br>Twice.</p><ul><li>a</li></ul><ol start="3"><li>b</li></ol><blockquote>q</blockquote>""")]
    [InlineData("""<table border="1" style="width: 100%; border-collapse: collapse"><thead><tr><th scope="col">A</th></tr></thead><tbody><tr><td style="padding: 4px; text-align: center" colspan="2">1</td></tr></tbody></table>""")]
    [InlineData("""<p style="text-align: right; color: rgba(255, 0, 0, 1); background-color: rgba(238, 238, 238, 0.5); font-weight: bold; font-size: 14px; text-decoration: underline">x</p>""")]
    [InlineData("""<a href="https://maker.example/x?a=1&amp;b=2" target="_blank" rel="noopener" title="t">out</a><a href="/products/tide">in</a>""")]
    [InlineData("""<img src="https://cdn.shopify.com/s/files/a.png" alt="A wave" width="300" height="200" style="float: left; max-width: 50%; margin: 0 10px 5px 0"><img src="/media/a.png" alt="">""")]
    [InlineData("""<details open=""><summary>Care</summary>Wash it.</details>""")]
    public void What_real_descriptions_are_made_of_stays_as_it_was_written(string html) => Assert.Equal(html, DescriptionText.Sanitizer.Sanitize(html));

    [Theory]
    [InlineData("<p>a</p>\r\n<p>b\rc&#13;d&#13;&#10;e</p>", "<p>a</p>\n<p>b\nc\nd\ne</p>")]
    [InlineData("<pre>\n\n\nfoo</pre>", "<pre>\n\n\nfoo</pre>")]
    public void Lines_are_kept_as_a_file_gives_them_back(string html, string kept)
    {
        Assert.Null(DescriptionText.TryClean(html, out var clean));
        Assert.Equal(kept, clean);
        Assert.Null(DescriptionText.TryClean(clean.Replace("\n", "\r\n", StringComparison.Ordinal), out var again));
        Assert.Equal(kept.TrimStart(), again.TrimStart());
    }

    [Theory]
    [InlineData("<div>", 500, null)]
    [InlineData("<div>", 501, "500 deep")]
    [InlineData("<div>", 39_000, "500 deep")]
    [InlineData("<b><i>", 30_000, "500 deep")]
    [InlineData("<p>line<br><li>item", 5_000, null)] // not in one another
    [InlineData("<b>a</b><div><em>b</em></div>", 5_000, null)]
    [InlineData("Salt & pepper ", 13_000, "takes at most 200000")] // 182,000 as sent, 234,000 as kept
    [InlineData("Salt &amp; pepper ", 11_000, null)]
    public void What_is_too_deep_or_as_it_is_kept_too_long_is_not_kept(string part, int times, string? because)
    {
        var refused = DescriptionText.TryClean(string.Concat(Enumerable.Repeat(part, times)), out var clean);
        if (because is null) Assert.Equal((null, true), (refused, clean.Length is > 0 and <= CatalogLimits.Description));
        else Assert.Contains(because, refused);
    }

    [Fact]
    public void What_an_editor_left_of_its_own_goes_and_the_rest_of_the_element_stays() =>
        Assert.Equal("""<p style="text-align: center">x</p>""", DescriptionText.Sanitizer.Sanitize("""<p class="p1" data-mce-style="text-align: center;" data-mce-fragment="1" style="text-align: center; display: block;">x</p>"""));
}
