using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Commerce;

/// <summary>
/// A query compiled once, for the paths where every order or product passes: taking its expression apart every time costs more than the reading.
/// Per model, because one process may have several (tests do), and a compiled query takes no other than its own.
/// </summary>
/// <typeparam name="T">What <c>EF.CompileAsyncQuery</c> makes.</typeparam>
internal sealed class CompiledQuery<T>(Func<T> compile) where T : class
{
    private readonly ConditionalWeakTable<IModel, T> _byModel = [];

    public T For(ShopDb db) => _byModel.GetValue(db.Model, _ => compile());
}
