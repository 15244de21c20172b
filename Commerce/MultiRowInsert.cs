using System.Collections.Concurrent;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace Commerce;

/// <summary>
/// One <c>INSERT … SELECT FROM unnest(…)</c> for any number of new rows, written from the model like EF Core's own, without tracking:
/// where many orders share a transaction, tracking costs more than the database.
/// </summary>
internal static class MultiRowInsert
{
    private static readonly ConcurrentDictionary<IEntityType, object> Columns = new();

    /// <summary>The command, to be run on the context's connection inside its transaction. A column with a default is left to it when no row sets it.</summary>
    /// <param name="onConflict">What follows <c>ON CONFLICT</c>, such as <c>(id) DO NOTHING</c>; null: a row that is there already is an error.</param>
    public static NpgsqlBatchCommand Of<T>(ShopDb db, IReadOnlyList<T> rows, string? onConflict = null) where T : class
    {
        var entity = db.Model.FindEntityType(typeof(T)) ?? throw new ArgumentException($"{typeof(T).Name} is not in the model.");
        var (names, values, arrays, aliases) = (new List<string>(), new List<string>(), new List<string>(), new List<string>());
        var command = new NpgsqlBatchCommand();
        foreach (var column in (Column<T>[])Columns.GetOrAdd(entity, ColumnsOf<T>))
        {
            if (column.Read(rows) is not { } array) continue;
            command.Parameters.Add(array);
            names.Add(column.Name);
            values.Add($"c{names.Count}{column.Cast}");
            arrays.Add($"${names.Count}");
            aliases.Add($"c{names.Count}");
        }
        command.CommandText = $"INSERT INTO {entity.GetTableName()} ({string.Join(", ", names)}) SELECT {string.Join(", ", values)} FROM unnest({string.Join(", ", arrays)}) AS n({string.Join(", ", aliases)})";
        if (onConflict is not null) command.CommandText += $" ON CONFLICT {onConflict}";
        return command;
    }

    private static Column<T>[] ColumnsOf<T>(IEntityType entity) where T : class
    {
        var row = Expression.Parameter(typeof(T));
        return [.. ColumnsOf<T>(entity, row, row)];
    }

    /// <summary>The columns of a type and of the complex values in it, such as an address.</summary>
    private static IEnumerable<Column<T>> ColumnsOf<T>(ITypeBase type, ParameterExpression row, Expression owner) where T : class
    {
        var table = StoreObjectIdentifier.Table(type.ContainingEntityType.GetTableName()!);
        foreach (var property in type.GetProperties().Where(p => !p.IsIdentity()))
        {
            var read = Expression.Lambda(Stored(property, owner), row);
            yield return (Column<T>)Activator.CreateInstance(typeof(Column<,>).MakeGenericType(typeof(T), read.ReturnType), property, property.GetColumnName(table)!, read.Compile())!;
        }
        foreach (var complex in type.GetComplexProperties())
            foreach (var column in ColumnsOf<T>(complex.ComplexType, row, Expression.MakeMemberAccess(owner, complex.GetMemberInfo(forMaterialization: false, forSet: false))))
                yield return column;
    }

    /// <summary>The property's value as its column takes it.</summary>
    private static Expression Stored(IProperty property, Expression owner)
    {
        Expression value = Expression.MakeMemberAccess(owner, property.GetMemberInfo(forMaterialization: false, forSet: false));
        if (property.GetTypeMapping().Converter is { } converter)
        {
            var convert = Expression.Invoke(converter.ConvertToProviderExpression, value.Type == converter.ModelClrType ? value : Expression.Convert(value, converter.ModelClrType));
            var stored = OrNull(convert);
            value = property.IsNullable ? Expression.Condition(IsNull(value), Expression.Default(stored.Type), stored) : convert;
        }
        // What lies in an optional value is absent with it.
        return owner is ParameterExpression ? value : Expression.Condition(IsNull(owner), Expression.Default(OrNull(value).Type), OrNull(value));
    }

    private static BinaryExpression IsNull(Expression value) => Expression.Equal(value, Expression.Constant(null, value.Type));

    private static Expression OrNull(Expression value) =>
        value.Type.IsValueType && Nullable.GetUnderlyingType(value.Type) is null ? Expression.Convert(value, typeof(Nullable<>).MakeGenericType(value.Type)) : value;

    private static bool IsIdentity(this IProperty property) => property.ValueGenerated == ValueGenerated.OnAdd && !property.HasDefault() && property.GetColumnType() == "bigint";

    private static bool HasDefault(this IProperty property) => property.GetDefaultValueSql() is not null || property.TryGetDefaultValue(out _);

    private abstract class Column<T>(IProperty property, string name)
    {
        public string Name => name;

        /// <summary>unnest of text yields text; everything else keeps its type.</summary>
        public string? Cast { get; } = property.GetColumnType() == "jsonb" ? "::jsonb" : null;

        /// <summary>The column of all rows, or null when it has a default and no row says otherwise.</summary>
        public abstract NpgsqlParameter? Read(IReadOnlyList<T> rows);
    }

    private sealed class Column<T, TValue>(IProperty property, string name, Func<T, TValue> read) : Column<T>(property, name) where T : class
    {
        private readonly bool _hasDefault = property.HasDefault();
        private readonly TValue? _unset = (TValue?)(property.GetTypeMapping().Converter is { } converter ? converter.ConvertToProvider(property.Sentinel) : property.Sentinel);

        public override NpgsqlParameter? Read(IReadOnlyList<T> rows)
        {
            var values = new TValue[rows.Count];
            var isSet = !_hasDefault;
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = read(rows[i]);
                isSet = isSet || !EqualityComparer<TValue>.Default.Equals(values[i], _unset);
            }
            return isSet ? new NpgsqlParameter<TValue[]> { TypedValue = values } : null;
        }
    }
}
