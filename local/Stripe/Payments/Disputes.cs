using Local.Stripe.Shapes;
using Local.Stripe.State;
using Local.Stripe.Wire;

namespace Local.Stripe.Payments;

/// <summary>The life of a dispute: opened by a test card, answered with evidence or given up, won or lost. An inquiry takes no money.</summary>
internal static class Disputes
{
    public const string Won = "won";
    public const string Lost = "lost";
    private const string UnderReview = "under_review";
    private const string WarningUnderReview = "warning_under_review";
    private const string WarningClosed = "warning_closed";

    /// <summary>What Stripe charges for a dispute, in minor units of the currency it settles in.</summary>
    private const long Fee = 1500;

    private static readonly TimeSpan ToAnswer = TimeSpan.FromDays(9);

    /// <summary>What the holder of a disputing test card does as soon as it is charged; nothing for other cards.</summary>
    public static void OpenFor(Work work, ChargeRecord charge)
    {
        if (TestCards.Find(work.State.Get<MethodRecord>(charge.MethodId).TestNumber)!.Disputes is { } how) Open(work, charge, how == TestDispute.Inquiry);
    }

    /// <summary>The holder disputes all that was charged, whatever was refunded of it.</summary>
    public static void Open(Work work, ChargeRecord charge, bool isInquiry)
    {
        var dispute = work.State.Put(new DisputeRecord
        {
            Id = Ids.New("du"),
            Created = work.Now,
            ChargeId = charge.Id,
            IntentId = charge.IntentId,
            Amount = charge.AmountCaptured,
            Currency = charge.Currency,
            Reason = "fraudulent",
            Status = isInquiry ? "warning_needs_response" : "needs_response",
            DueBy = work.Now + ToAnswer,
            Movements = isInquiry ? [] : [Movement(work, -charge.AmountCaptured, charge.Currency, Fee)],
        });
        work.Emit("charge.dispute.created", DisputeShape.Of(dispute, work.State));
        if (!isInquiry) work.Emit("charge.dispute.funds_withdrawn", DisputeShape.Of(dispute, work.State));
    }

    /// <summary>Evidence: kept, and with <paramref name="submit"/> judged at once as Stripe's test mode does, by the words <c>winning_evidence</c> and <c>losing_evidence</c>.</summary>
    public static DisputeRecord Answer(Work work, DisputeRecord dispute, IReadOnlyDictionary<string, string> evidence, bool submit, IReadOnlyDictionary<string, string> metadata)
    {
        if (evidence.Count > 0 && dispute.IsClosed)
            throw StripeError.Invalid($"The dispute {dispute.Id} is closed: its evidence can no longer be changed.", "evidence");
        var all = new Dictionary<string, string>(dispute.Evidence);
        foreach (var (name, text) in evidence) all[name] = text;
        var submitted = submit && evidence.Count > 0;
        var answered = work.State.Put(dispute with
        {
            Evidence = all,
            Metadata = metadata,
            Submissions = dispute.Submissions + (submitted ? 1 : 0),
            Status = !submitted ? dispute.Status : dispute.IsInquiry ? WarningUnderReview : UnderReview,
        });
        work.Emit("charge.dispute.updated", DisputeShape.Of(answered, work.State));
        return !submitted ? answered : all.GetValueOrDefault("uncategorized_text") switch
        {
            "winning_evidence" => Close(work, answered, Won),
            "losing_evidence" => Close(work, answered, Lost),
            _ => answered,
        };
    }

    /// <summary>The bank decides, or the shop gives up. A dispute that was won gives the money back; one that was lost may give back a part.</summary>
    public static DisputeRecord Close(Work work, DisputeRecord dispute, string outcome, long returned = 0)
    {
        if (dispute.IsClosed)
            throw StripeError.Invalid($"The dispute {dispute.Id} is closed already.");
        var back = dispute.IsInquiry ? 0 : outcome == Won ? dispute.Amount : returned;
        var closed = work.State.Put(dispute with
        {
            Status = dispute.IsInquiry ? WarningClosed : outcome,
            Movements = back > 0 ? [.. dispute.Movements, Movement(work, back, dispute.Currency, outcome == Won ? -Fee : 0)] : dispute.Movements,
        });
        work.Emit("charge.dispute.closed", DisputeShape.Of(closed, work.State));
        if (back > 0) work.Emit("charge.dispute.funds_reinstated", DisputeShape.Of(closed, work.State));
        return closed;
    }

    private static DisputeMovement Movement(Work work, long amount, string currency, long fee)
    {
        var settled = work.Account.SettlementCurrency ?? currency;
        decimal? rate = settled == currency ? null : work.Account.ExchangeRate;
        return new DisputeMovement(Ids.New("txn"), work.Now, (long)decimal.Round(amount * (rate ?? 1)), fee, settled, rate);
    }
}
