using Commerce.Orders;
using Commerce.Payments;
using Worker.Jobs;

namespace Worker.Payments;

/// <summary>What Commerce's payment exceptions mean for a job.</summary>
internal static class PaymentFailures
{
    private static readonly TimeSpan GatewayDelay = TimeSpan.FromSeconds(5);

    public static async Task NamedAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (GatewayUnavailableException away)
        {
            throw new JobFailedException(FailureKind.Retry, "stripe-unavailable", away.Message, away, GatewayDelay);
        }
        catch (OrderUnknownException unknown)
        {
            // A restored database may be behind Stripe; a person decides once the retries are used up.
            throw new JobFailedException(FailureKind.Retry, "order-unknown", unknown.Message, unknown, TimeSpan.FromSeconds(30));
        }
        catch (PaymentMismatchException mismatch)
        {
            throw new JobFailedException(FailureKind.Page, "payment-mismatch", mismatch.Message, mismatch);
        }
    }
}
