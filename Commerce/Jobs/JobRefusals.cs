namespace Commerce.Jobs;

/// <summary>Every way the jobs page can refuse.</summary>
public static class JobRefusals
{
    public const string NotFound = "jobs.not-found";
    public const string NotDead = "jobs.not-dead";
    public const string ChoiceMissing = "jobs.choice-missing";
    public const string CursorInvalid = "jobs.cursor-invalid";
}
