using System.Text.Json.Nodes;
using Local.Stripe.Shapes;
using Local.Stripe.State;

namespace Local.Stripe.Wire;

/// <summary>Lists as Stripe pages them: newest first, <c>limit</c>, <c>starting_after</c>, <c>ending_before</c>, <c>created</c>.</summary>
internal static class Paging
{
    public const int DefaultLimit = 10;
    private const int MaxLimit = 100;

    public static JsonObject Page<T>(ApiCall call, IEnumerable<T> newestFirst, string url, Func<T, JsonObject> shape) where T : Stored
    {
        var created = Created(call.Params);
        var (limit, after, before) = Cursors(call.Params);
        var all = newestFirst.Where(item => created(item.Created.ToUnixTimeSeconds()));
        if (before is not null)
        {
            var newer = Cursor<T>(call, before, "ending_before").Sequence;
            var upTo = all.TakeWhile(item => item.Sequence > newer).ToList();
            return Shape.List(url, upTo.TakeLast(limit).Select(shape), upTo.Count > limit);
        }
        var older = after is null ? long.MaxValue : Cursor<T>(call, after, "starting_after").Sequence;
        var page = all.Where(item => item.Sequence < older).Take(limit + 1).ToList();
        return Shape.List(url, page.Take(limit).Select(shape), page.Count > limit);
    }

    /// <summary>The object from which a page goes on; it need not be in the list any more: a session that was open has been paid since.</summary>
    private static T Cursor<T>(ApiCall call, string id, string param) where T : Stored =>
        call.Work.State.Find<T>(id) ?? throw NoSuch(id, param);

    private static (int Limit, string? After, string? Before) Cursors(Params parameters)
    {
        var limit = (int)(parameters.Integer("limit", 1, MaxLimit) ?? DefaultLimit);
        var (after, before) = (parameters.Text("starting_after"), parameters.Text("ending_before"));
        return after is null || before is null
            ? (limit, after, before)
            : throw StripeError.Invalid("You cannot use both `starting_after` and `ending_before`.", "starting_after");
    }

    /// <summary>The page of a list within an object that the call asks for.</summary>
    public static (IReadOnlyList<T> Page, bool HasMore) Slice<T>(Params parameters, IReadOnlyList<T> all, Func<T, string> id)
    {
        var (limit, after, before) = Cursors(parameters);
        if (before is not null)
        {
            var end = Position(all, id, before, "ending_before");
            var start = Math.Max(0, end - limit);
            return ([.. all.Skip(start).Take(end - start)], start > 0);
        }
        var from = after is null ? 0 : Position(all, id, after, "starting_after") + 1;
        return ([.. all.Skip(from).Take(limit)], all.Count > from + limit);
    }

    private static int Position<T>(IReadOnlyList<T> all, Func<T, string> id, string wanted, string param)
    {
        for (var i = 0; i < all.Count; i++)
        {
            if (id(all[i]) == wanted)
                return i;
        }
        throw NoSuch(wanted, param);
    }

    private static StripeError NoSuch(string id, string param) => StripeError.Invalid($"No such object: '{id}'", param, "resource_missing");

    /// <summary><c>created=1500000000</c> or <c>created[gte]=1500000000</c> and so on, Unix seconds.</summary>
    private static Func<long, bool> Created(Params parameters)
    {
        if (parameters.IsText("created"))
        {
            var exactly = parameters.Integer("created", max: long.MaxValue);
            return time => time == exactly;
        }
        if (parameters.Object("created") is not { } range)
            return _ => true;
        var (gt, gte) = (range.Integer("gt", max: long.MaxValue), range.Integer("gte", max: long.MaxValue));
        var (lt, lte) = (range.Integer("lt", max: long.MaxValue), range.Integer("lte", max: long.MaxValue));
        return time => !(time <= gt) && !(time < gte) && !(time >= lt) && !(time > lte);
    }
}
