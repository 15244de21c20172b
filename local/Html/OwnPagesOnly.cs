namespace Local.Web;

/// <summary>Keeps a page of another site from pressing the emulator's buttons: a browser says where a request came from.</summary>
internal static class OwnPagesOnly
{
    public static async ValueTask<object?> Check(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        var foreign = !HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none");
        return foreign ? Results.StatusCode(StatusCodes.Status403Forbidden) : await next(context);
    }
}
