namespace Commerce.Audit;

/// <summary>Every way the audit trail can refuse.</summary>
public static class AuditRefusals
{
    public const string CursorInvalid = "audit.cursor-invalid";
    public const string ReasonMissing = "audit.reason-missing";
}
