using Local.Stripe.State;

namespace Local.Stripe.Payments;

/// <summary>Expires sessions, and authorisations, whose time is up although nobody asks about them.</summary>
public sealed class Expiry(Store store, WorkFactory works) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Every);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                var now = works.Now;
                foreach (var due in store.OpenSessions().Where(session => session.ExpiresAt <= now))
                    store.Run(transaction => Sessions.Current(works.Begin(transaction), due.Id));
                foreach (var due in store.AuthorisedIntents().Where(intent => intent.CaptureBefore <= now))
                    store.Run(transaction => Intents.Current(works.Begin(transaction), due.Id));
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops; what is due is expired at the next start.
        }
    }
}
