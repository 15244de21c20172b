using System.Net;
using Commerce.Orders;
using Commerce.Payments;
using Stripe;
using Worker.Jobs;

namespace Worker.Payments;

/// <summary>What Commerce's payment exceptions mean for a job.</summary>
internal static class PaymentFailures
{
    private static readonly TimeSpan GatewayDelay = TimeSpan.FromSeconds(5);

    /// <param name="mayOrderCome">Whether the order may only be missing yet: a restored database may be behind Stripe.</param>
    public static async Task NamedAsync(Func<Task> work, bool mayOrderCome = false)
    {
        try
        {
            await work();
        }
        catch (GatewayUnavailableException away)
        {
            throw new JobFailedException(FailureKind.Retry, "stripe-unavailable", away.Message, away, GatewayDelay);
        }
        catch (OrderUnknownException gone) when (!mayOrderCome)
        {
            throw new JobFailedException(FailureKind.Ignore, "order-gone", gone.Message, gone);
        }
        catch (OrderUnknownException unknown)
        {
            // A person decides once the retries are used up.
            throw new JobFailedException(FailureKind.Retry, "order-unknown", unknown.Message, unknown, TimeSpan.FromSeconds(30));
        }
        catch (StripeObjectUnknownException unknown)
        {
            throw new JobFailedException(FailureKind.Page, "stripe-object-unknown", unknown.Message, unknown);
        }
        catch (StripeException key) when (key.HttpStatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            // The shop's key, not the job: nothing is lost while somebody puts it right.
            throw new JobFailedException(FailureKind.Retry, "stripe-key-refused", key.Message, key, TimeSpan.FromSeconds(30));
        }
        catch (StripeException no)
        {
            throw new JobFailedException(FailureKind.Page, "stripe-refused", no.Message, no);
        }
        catch (PaymentMismatchException mismatch)
        {
            throw new JobFailedException(FailureKind.Page, "payment-mismatch", mismatch.Message, mismatch);
        }
    }
}
