using System.Globalization;
using Commerce.Orders;
using CsCheck;

namespace Tests.Commerce.Orders;

/// <summary>
/// Experiment 16, in memory: an order's state machine, its units and what they are worth, against a model a child could keep. A failure prints its seed;
/// <c>CsCheck_Seed=…</c> replays it. Full size: <c>docs/experiments.md</c>.
/// </summary>
public class OrderSimulationTests
{
    private static readonly int Seeds = int.TryParse(Environment.GetEnvironmentVariable("EXPERIMENT_SEEDS"), CultureInfo.InvariantCulture, out var seeds) ? seeds : 5_000;
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    private static readonly Gen<(int Deed, int Quantity)[]> AnyStory = Gen.Select(Gen.Int[0, 6], Gen.Int[-1, 6]).Array[1, 24];

    [Fact]
    public void Units_money_and_states_follow_the_model_whatever_is_tried() =>
        Gen.Select(Gen.Int[1, 12], Gen.Long[0, 999_999], AnyStory).Sample((quantity, gross, story) =>
        {
            var (order, model) = (Of(quantity, gross), new Model(quantity));
            foreach (var (deed, units) in story)
            {
                var version = order.Version;
                var isAllowed = model.Try(deed, units);
                var worth = deed == 5 && isAllowed ? order.Lines[0].ShareMinor(order.Lines[0].CancelledQuantity + order.Lines[0].ReturnedQuantity + units, step: 1) - model.ReturnedMinor : 0;
                if (isAllowed != Try(order, deed, units)) return false;
                model.ReturnedMinor += worth;
                if (isAllowed ? order.Version <= version : order.Version != version) return false;
                if (!model.Is(order)) return false;
                // Whatever part is given back in whatever steps: never more than the line cost, and all units are exactly the line.
                if (model.ReturnedMinor < 0 || model.ReturnedMinor > gross || (model.Refundable == 0 && model.ReturnedMinor != gross)) return false;
            }
            return true;
        }, iter: Seeds);

    private static bool Try(Order order, int deed, int units)
    {
        try
        {
            switch (deed)
            {
                case 0: order.Authorise(); break;
                case 1: order.MarkPaid(Now); break;
                case 2: order.Expire(Now); break;
                case 3: order.Cancel(Now); break;
                case 4: order.Send(Parcel(order, units)); break;
                case 5: order.TakeBack(1, units); break;
                default: order.Touch(); break;
            }
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static Fulfilment Parcel(Order order, int units)
    {
        var id = Guid.CreateVersion7();
        return new Fulfilment { Id = id, OrderId = order.Id, SentAt = Now, IdempotencyKey = "k", Fingerprint = "f", Lines = [new FulfilmentLine { FulfilmentId = id, Position = 1, Quantity = units }] };
    }

    private static Order Of(int quantity, long grossMinor)
    {
        var id = Guid.CreateVersion7();
        return new Order
        {
            Id = id,
            Number = "OG-0000-0000",
            Key = "k",
            BasketId = "b",
            Email = "ann@example.com",
            ShippingAddress = new Address { Name = "Ann", Line1 = "Road 1", PostalCode = "10115", City = "Berlin", CountryCode = "DE" },
            ShippingCode = "post",
            Currency = "EUR",
            SubtotalMinor = grossMinor,
            ShippingMinor = 0,
            TaxIncludedMinor = 0,
            TotalMinor = grossMinor,
            PlacedAt = Now,
            ReservedUntil = Now,
            Lines = [new OrderLine { OrderId = id, Position = 1, VariantId = Guid.NewGuid(), Sku = "s", ProductSlug = "p", Title = "P", VariantTitle = "", Quantity = quantity, UnitPriceMinor = 1, VatPercent = 0, GrossMinor = grossMinor }],
        };
    }

    /// <summary>What everybody would say must happen.</summary>
    private sealed class Model(int quantity)
    {
        private OrderStatus _status;
        private int _sent;
        private int _cancelled;
        private int _returned;

        public long ReturnedMinor { get; set; }

        public int Refundable => quantity - _cancelled - _returned;

        public bool Try(int deed, int units)
        {
            switch (deed)
            {
                case 0 when _status is OrderStatus.AwaitingPayment or OrderStatus.Expired:
                    _status = OrderStatus.Authorised;
                    return true;
                case 1 when _status is OrderStatus.AwaitingPayment or OrderStatus.Authorised or OrderStatus.Expired:
                    _status = OrderStatus.Paid;
                    return true;
                case 2 when _status == OrderStatus.AwaitingPayment:
                    _status = OrderStatus.Expired;
                    return true;
                case 3 when _sent == 0 && _status is (OrderStatus.AwaitingPayment or OrderStatus.Authorised or OrderStatus.Paid):
                    _status = OrderStatus.Cancelled;
                    return true;
                case 4 when _status == OrderStatus.Paid && units > 0 && units <= quantity - _sent - _cancelled:
                    _sent += units;
                    return true;
                case 5 when units > 0 && units <= Refundable:
                    var unsent = Math.Min(units, quantity - _sent - _cancelled);
                    (_cancelled, _returned) = (_cancelled + unsent, _returned + units - unsent);
                    return true;
                default:
                    return deed > 5;
            }
        }

        public bool Is(Order order)
        {
            var line = order.Lines[0];
            var left = quantity - _sent - _cancelled;
            return (order.Status, line.FulfilledQuantity, line.CancelledQuantity, line.ReturnedQuantity, line.UnsentQuantity) == (_status, _sent, _cancelled, _returned, left)
                && order.FulfilmentStatus == (_sent == 0 ? FulfilmentStatus.Unfulfilled : left > 0 ? FulfilmentStatus.Partial : FulfilmentStatus.Fulfilled)
                && line.FulfilledQuantity + line.CancelledQuantity <= quantity && line.ReturnedQuantity <= line.FulfilledQuantity;
        }
    }
}
