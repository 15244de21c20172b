using Microsoft.AspNetCore.Diagnostics;

namespace Frontend.Proxy.Answers;

/// <summary>The edge's own mistakes: logged once by the framework's handler, answered with a trace id and no detail of the inside.</summary>
public static class OurOwnErrors
{
    /// <summary>Turns what was thrown into an answer.</summary>
    public static void UseOurOwnErrors(this IApplicationBuilder app) =>
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context =>
            {
                var thrown = context.Features.Get<IExceptionHandlerFeature>()?.Error;
                var problem = thrown is BadHttpRequestException bad
                    ? new EdgeProblem(bad.StatusCode, "edge.bad-request", "The request could not be read", bad.Message)
                    : new EdgeProblem(StatusCodes.Status500InternalServerError, "edge.error", "Something broke here",
                        "This is our fault, not yours. The number below leads us to what happened.");
                return problem.WriteAsync(context);
            },
        });
}
