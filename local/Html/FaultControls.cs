namespace Local.Web;

/// <summary>The addresses under which the faults of an emulator are read, added and cleared: JSON in, JSON out.</summary>
internal static class FaultControls
{
    public static void Map<TFault>(IEndpointRouteBuilder app, string path, Func<IReadOnlyList<TFault>> waiting, Action<TFault> add, Action clear) where TFault : class
    {
        app.MapGet(path, Control.Plain(() => Results.Ok(waiting())));
        app.MapPost(path, Control.Body<TFault>(fault =>
        {
            add(fault);
            return Results.Ok(fault);
        }));
        app.MapDelete(path, Control.Plain(() =>
        {
            clear();
            return Results.NoContent();
        }));
    }
}
