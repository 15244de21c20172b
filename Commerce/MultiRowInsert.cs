using System.Collections.Concurrent;
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
    private static readonly ConcurrentDictionary<IEntityType, Column[]> Columns = new();

    /// <summary>The command, to be run on the context's connection inside its transaction. A column with a default is left to it when no row sets it.</summary>
    public static NpgsqlBatchCommand Of<T>(ShopDb db, IReadOnlyList<T> rows) where T : class
    {
        var entity = db.Model.FindEntityType(typeof(T)) ?? throw new ArgumentException($"{typeof(T).Name} is not in the model.");
        var filled = Columns.GetOrAdd(entity, ColumnsOf).Select(column => (Column: column, Values: column.Read(rows)))
            .Where(c => c.Values is not null).ToList();
        var names = string.Join(", ", filled.Select(c => c.Column.Name));
        var values = string.Join(", ", filled.Select((c, i) => c.Column.Cast is { } cast ? $"c{i}::{cast}" : $"c{i}"));
        var arrays = string.Join(", ", filled.Select((_, i) => $"${i + 1}"));
        var command = new NpgsqlBatchCommand(
            $"INSERT INTO {entity.GetTableName()} ({names}) SELECT {values} FROM unnest({arrays}) AS n({string.Join(", ", filled.Select((_, i) => $"c{i}"))})");
        foreach (var (_, array) in filled) command.Parameters.Add(new NpgsqlParameter { Value = array });
        return command;
    }

    private static Column[] ColumnsOf(IEntityType entity) => [.. PropertiesOf(entity, root => root)];

    /// <summary>The columns of a type and of the complex values in it, such as an address.</summary>
    private static IEnumerable<Column> PropertiesOf(ITypeBase type, Func<object, object?> reach)
    {
        var table = StoreObjectIdentifier.Table(type.ContainingEntityType.GetTableName()!);
        foreach (var property in type.GetProperties().Where(p => p.GetValueGenerationStrategyName() != "identity"))
            yield return new Column(property, property.GetColumnName(table)!, reach);
        foreach (var complex in type.GetComplexProperties())
        {
            var getter = complex.GetGetter();
            foreach (var column in PropertiesOf(complex.ComplexType, root => reach(root) is { } owner ? getter.GetClrValue(owner) : null)) yield return column;
        }
    }

    private static string GetValueGenerationStrategyName(this IProperty property) =>
        property.ValueGenerated == ValueGenerated.OnAdd && property.GetDefaultValueSql() is null && !property.TryGetDefaultValue(out _) && property.GetColumnType() == "bigint" ? "identity" : "";

    private sealed class Column(IProperty property, string name, Func<object, object?> reach)
    {
        private readonly IClrPropertyGetter _getter = property.GetGetter();
        private readonly Func<object?, object?>? _convert = property.GetTypeMapping().Converter?.ConvertToProvider;
        private readonly Type _type = Nullable(property.GetTypeMapping().Converter?.ProviderClrType ?? property.ClrType);
        private readonly bool _hasDefault = property.GetDefaultValueSql() is not null || property.TryGetDefaultValue(out _);
        private readonly object? _unset = property.Sentinel;

        public string Name => name;

        /// <summary>unnest of text yields text; everything else keeps its type.</summary>
        public string? Cast { get; } = property.GetColumnType() == "jsonb" ? "jsonb" : null;

        /// <summary>The column of all rows, or null when it has a default and no row says otherwise.</summary>
        public Array? Read<T>(IReadOnlyList<T> rows) where T : class
        {
            var values = Array.CreateInstance(_type, rows.Count);
            var isSet = !_hasDefault;
            for (var i = 0; i < rows.Count; i++)
            {
                var value = reach(rows[i]) is { } owner ? _getter.GetClrValue(owner) : null;
                isSet |= !Equals(value, _unset);
                values.SetValue(_convert is null || value is null ? value : _convert(value), i);
            }
            return isSet ? values : null;
        }

        private static Type Nullable(Type type) =>
            type.IsValueType && System.Nullable.GetUnderlyingType(type) is null ? typeof(Nullable<>).MakeGenericType(type) : type;
    }
}
