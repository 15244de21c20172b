using System.Buffers.Binary;
using System.Collections;
using System.Text;
using NpgsqlTypes;

namespace Bench.Replaying;

/// <summary>Turns bound bytes back into values that Npgsql binds again as the same type.</summary>
internal static class WireValue
{
    public const uint Uuid = 2950;
    public const uint UuidArray = 2951;

    private static readonly DateTime Epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly Dictionary<uint, (NpgsqlDbType Type, Func<byte[], object> Read)> Scalars = new()
    {
        [16] = (NpgsqlDbType.Boolean, bytes => bytes[0] != 0),
        [17] = (NpgsqlDbType.Bytea, bytes => bytes),
        [20] = (NpgsqlDbType.Bigint, bytes => BinaryPrimitives.ReadInt64BigEndian(bytes)),
        [21] = (NpgsqlDbType.Smallint, bytes => BinaryPrimitives.ReadInt16BigEndian(bytes)),
        [23] = (NpgsqlDbType.Integer, bytes => BinaryPrimitives.ReadInt32BigEndian(bytes)),
        [25] = (NpgsqlDbType.Text, Encoding.UTF8.GetString),
        [701] = (NpgsqlDbType.Double, bytes => BinaryPrimitives.ReadDoubleBigEndian(bytes)),
        [1043] = (NpgsqlDbType.Varchar, Encoding.UTF8.GetString),
        [1184] = (NpgsqlDbType.TimestampTz, bytes => Epoch.AddTicks(BinaryPrimitives.ReadInt64BigEndian(bytes) * 10)),
        [1186] = (NpgsqlDbType.Interval, bytes => new NpgsqlInterval(
            BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(12)), BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(8)), BinaryPrimitives.ReadInt64BigEndian(bytes))),
        [1700] = (NpgsqlDbType.Numeric, bytes => Numeric(bytes)),
        [Uuid] = (NpgsqlDbType.Uuid, bytes => new Guid(bytes, bigEndian: true)),
        [3802] = (NpgsqlDbType.Jsonb, bytes => Encoding.UTF8.GetString(bytes, 1, bytes.Length - 1)), // after the version of the format
    };

    private static readonly Dictionary<uint, uint> ElementOfArray = new()
    {
        [1000] = 16,
        [1005] = 21,
        [1007] = 23,
        [1009] = 25,
        [1015] = 1043,
        [1016] = 20,
        [1022] = 701,
        [1185] = 1184,
        [1187] = 1186,
        [1231] = 1700,
        [UuidArray] = Uuid,
        [3807] = 3802,
    };

    /// <exception cref="NotSupportedException">A type nobody has bound so far: add it above.</exception>
    public static (NpgsqlDbType Type, object? Value) Read(RecordedValue value)
    {
        if (!value.IsBinary) return (NpgsqlDbType.Unknown, value.Bytes is null ? null : Encoding.UTF8.GetString(value.Bytes));
        if (ElementOfArray.TryGetValue(value.Type, out var element)) return (NpgsqlDbType.Array | Scalars[element].Type, value.Bytes is null ? null : Elements(value.Bytes, element));
        if (Scalars.TryGetValue(value.Type, out var scalar)) return (scalar.Type, value.Bytes is null ? null : scalar.Read(value.Bytes));
        return value.Bytes is null ? (NpgsqlDbType.Unknown, null) : throw new NotSupportedException($"A recorded value has the type {value.Type} of pg_type.");
    }

    // Dimensions, whether there are nulls, the element's type; per dimension its length and first index; then length and bytes of each element.
    private static object Elements(byte[] bytes, uint element)
    {
        int Int(int at) => BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
        var read = Scalars[element].Read;
        var count = Int(0) == 0 ? 0 : Int(12);
        var elements = new List<object?>();
        var at = 20;
        for (var i = 0; i < count; i++)
        {
            var length = Int(at);
            at += 4;
            elements.Add(length < 0 ? null : read(bytes[at..(at + length)]));
            at += Math.Max(length, 0);
        }
        var type = read.Method.ReturnType == typeof(object) ? TypeOf(element) : read.Method.ReturnType;
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(type.IsValueType && elements.Contains(null) ? typeof(Nullable<>).MakeGenericType(type) : type))!;
        foreach (var item in elements) list.Add(item);
        return list;
    }

    private static Type TypeOf(uint element) => element switch
    {
        16 => typeof(bool),
        20 => typeof(long),
        21 => typeof(short),
        23 => typeof(int),
        701 => typeof(double),
        1184 => typeof(DateTime),
        1186 => typeof(NpgsqlInterval),
        1700 => typeof(decimal),
        2950 => typeof(Guid),
        _ => typeof(string),
    };

    // Digits to the base 10,000: how many, weight of the first, sign, digits behind the point; then the digits.
    private static decimal Numeric(byte[] bytes)
    {
        int Int(int at) => BinaryPrimitives.ReadInt16BigEndian(bytes.AsSpan(at));
        var value = 0m;
        for (var i = 0; i < Int(0); i++) value = value * 10_000m + Int(8 + 2 * i);
        for (var power = Int(2) - Int(0) + 1; power != 0; power -= Math.Sign(power)) value = power > 0 ? value * 10_000m : value / 10_000m;
        return Math.Round(Int(4) == 0 ? value : -value, Int(6));
    }
}
