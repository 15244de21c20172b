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
        var all = newestFirst.Where(item => created(item.Created.ToUnixTimeSeconds())).ToList();
        var (page, more) = Slice(call.Params, all, item => item.Id);
        return Shape.List(url, page.Select(shape), more);
    }

    /// <summary>The page of an ordered list that the call asks for.</summary>
    public static (IReadOnlyList<T> Page, bool HasMore) Slice<T>(Params parameters, IReadOnlyList<T> all, Func<T, string> id)
    {
        var limit = (int)(parameters.Integer("limit", 1, MaxLimit) ?? DefaultLimit);
        var after = parameters.Text("starting_after");
        var before = parameters.Text("ending_before");
        if (after is not null && before is not null)
            throw StripeError.Invalid("You cannot use both `starting_after` and `ending_before`.", "starting_after");
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
        throw StripeError.Invalid($"No such object: '{wanted}'", param, "resource_missing");
    }

    /// <summary><c>created=1500000000</c> or <c>created[gte]=1500000000</c> and so on, Unix seconds.</summary>
    private static Func<long, bool> Created(Params parameters)
    {
        if (parameters.Object("created") is not { } range)
            return _ => true;
        if (parameters.Text("created") is not null)
        {
            var exactly = parameters.Integer("created", max: long.MaxValue);
            return time => time == exactly;
        }
        var (gt, gte) = (range.Integer("gt", max: long.MaxValue), range.Integer("gte", max: long.MaxValue));
        var (lt, lte) = (range.Integer("lt", max: long.MaxValue), range.Integer("lte", max: long.MaxValue));
        return time => !(time <= gt) && !(time < gte) && !(time >= lt) && !(time > lte);
    }
}
