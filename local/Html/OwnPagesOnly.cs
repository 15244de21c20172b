namespace Local.Web;

/// <summary>Keeps a page of another site from pressing the emulator's buttons: a browser says where a request came from.</summary>
internal static class OwnPagesOnly
{
    public static async ValueTask<object?> Check(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        var foreign = !HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none");
        return foreign ? Refusal.Of(StatusCodes.Status403Forbidden, "A page of another site sent this.", "calls of programs, and of the emulator's own pages") : await next(context);
    }
}
