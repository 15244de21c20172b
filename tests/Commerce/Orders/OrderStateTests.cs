using Commerce.Orders;

namespace Tests.Commerce.Orders;

public class OrderStateTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    [Theory]
    [InlineData(OrderStatus.AwaitingPayment, "Authorised Paid Cancelled Expired")]
    [InlineData(OrderStatus.Authorised, "Paid Cancelled")]
    [InlineData(OrderStatus.Paid, "Cancelled")]
    [InlineData(OrderStatus.Cancelled, "")]
    [InlineData(OrderStatus.Expired, "Authorised Paid")]
    public void An_order_only_becomes_what_the_state_machine_allows(OrderStatus from, string allowed)
    {
        foreach (var to in Enum.GetValues<OrderStatus>())
        {
            var order = In(from);
            Assert.Equal(allowed.Split(' ').Contains(to.ToString()), order.CanBecome(to));
            var version = order.Version;
            if (order.CanBecome(to))
            {
                Become(order, to);
                Assert.Equal((to, version + 1), (order.Status, order.Version));
            }
            else if (to != OrderStatus.AwaitingPayment)
            {
                Assert.Throws<InvalidOperationException>(() => Become(order, to));
                Assert.Equal((from, version), (order.Status, order.Version));
            }
        }
    }

    [Fact]
    public void Units_are_sent_cancelled_or_left_and_never_counted_twice()
    {
        var order = In(OrderStatus.Paid);
        order.Send(Parcel(order, 2));
        Assert.Equal(FulfilmentStatus.Partial, order.FulfilmentStatus);
        order.TakeBack(1, 2); // what is unsent goes first
        var line = order.Lines[0];
        Assert.Equal((2, 2, 0, 1), (line.FulfilledQuantity, line.CancelledQuantity, line.ReturnedQuantity, line.UnsentQuantity));
        order.TakeBack(1, 2);
        Assert.Equal((2, 3, 1, 0), (line.FulfilledQuantity, line.CancelledQuantity, line.ReturnedQuantity, line.UnsentQuantity));
        Assert.Equal(FulfilmentStatus.Fulfilled, order.FulfilmentStatus);
        Assert.Throws<InvalidOperationException>(() => order.Send(Parcel(order, 1)));
        Assert.Throws<InvalidOperationException>(() => order.TakeBack(1, 2));
        Assert.Throws<InvalidOperationException>(() => order.Cancel(Now));
    }

    [Theory]
    [InlineData("og7k3m9", "OG-7K3M-9")]
    [InlineData("OG-7K3M-9QXT", "OG-7K3M-9QXT")]
    [InlineData("7k3m", "OG-7K3M")]
    [InlineData("og-o1il", "OG-0111")]
    [InlineData("ann@example.com", null)]
    [InlineData("og", null)]
    public void A_number_is_understood_as_people_type_it(string typed, string? number) => Assert.Equal(number, OrderNumber.TryComplete(typed));

    private static Fulfilment Parcel(Order order, int quantity)
    {
        var id = Guid.CreateVersion7();
        return new Fulfilment { Id = id, OrderId = order.Id, SentAt = Now, IdempotencyKey = "k", Fingerprint = "f", Lines = [new FulfilmentLine { FulfilmentId = id, Position = 1, Quantity = quantity }] };
    }

    private static void Become(Order order, OrderStatus status)
    {
        switch (status)
        {
            case OrderStatus.Authorised:
                order.Authorise();
                break;
            case OrderStatus.Paid:
                order.MarkPaid(Now);
                break;
            case OrderStatus.Cancelled:
                order.Cancel(Now);
                break;
            case OrderStatus.Expired:
                order.Expire(Now);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(status));
        }
    }

    private static Order In(OrderStatus status)
    {
        var id = Guid.CreateVersion7();
        var order = new Order
        {
            Id = id,
            Number = OrderNumber.New(),
            Key = "k",
            BasketId = "b",
            Email = "a@b.example",
            ShippingCode = "post",
            Currency = "EUR",
            ShippingAddress = new Address { Name = "A", Line1 = "1", PostalCode = "1", City = "B", CountryCode = "DE" },
            SubtotalMinor = 500,
            ShippingMinor = 0,
            TaxIncludedMinor = 0,
            TotalMinor = 500,
            PlacedAt = Now,
            ReservedUntil = Now,
            Lines = [new OrderLine { OrderId = id, Position = 1, VariantId = id, Sku = null, ProductSlug = "s", Title = "t", VariantTitle = "", Quantity = 5, UnitPriceMinor = 100, VatPercent = 19 }],
        };
        if (status != OrderStatus.AwaitingPayment) Become(order, status);
        return order;
    }
}
