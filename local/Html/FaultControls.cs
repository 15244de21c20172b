using System.ComponentModel.DataAnnotations;

namespace Local.Web;

/// <summary>The addresses under which the faults of an emulator are read, added and cleared: JSON in, JSON out.</summary>
internal static class FaultControls
{
    public static void Map<TFault>(IEndpointRouteBuilder app, string path, Func<IReadOnlyList<TFault>> waiting, Action<TFault> add, Action clear) where TFault : class
    {
        app.MapGet(path, () => waiting());
        app.MapPost(path, (TFault fault) =>
        {
            var problems = new List<ValidationResult>();
            if (!Validator.TryValidateObject(fault, new ValidationContext(fault), problems, validateAllProperties: true))
                return Results.BadRequest(problems.Select(problem => problem.ErrorMessage));
            add(fault);
            return Results.Ok(fault);
        });
        app.MapDelete(path, () =>
        {
            clear();
            return Results.NoContent();
        });
    }
}
