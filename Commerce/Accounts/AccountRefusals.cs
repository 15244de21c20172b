using Microsoft.AspNetCore.Identity;

namespace Commerce.Accounts;

/// <summary>Every way an account can refuse.</summary>
public static class AccountRefusals
{
    public const string EmailTaken = "accounts.email-taken";
    public const string PasswordWeak = "accounts.password-weak";
    public const string SignInFailed = "accounts.sign-in-failed";
    public const string SignInNeeded = "accounts.sign-in-needed";
    public const string SessionEnded = "accounts.session-ended";
    public const string Forbidden = "accounts.forbidden";
    public const string PasswordWrong = "accounts.password-wrong";
    public const string NotFound = "accounts.not-found";
    public const string LastAdmin = "accounts.last-admin";
    public const string CursorInvalid = "accounts.cursor-invalid";
    public const string KeyNotFound = "api-keys.not-found";
    public const string KeyInvalid = "api-keys.invalid";

    internal static Refusal Unknown() => new(NotFound, "There is no account with this id.");

    internal static Refusal NoSuchCursor() => new(CursorInvalid, "The cursor is not one this list has given out.");

    internal static Refusal PasswordNotKnown() =>
        new(PasswordWrong, "The present password is wrong, or there were too many attempts; in that case wait some minutes.");

    internal static Refusal Taken() => new(EmailTaken, "There is an account with this mail address already.");

    internal static Refusal NotSignedIn() =>
        new(SignInFailed, "The mail address or the password is wrong, or there were too many attempts; in that case wait some minutes.");

    internal static Refusal Of(IdentityResult failed)
    {
        var errors = failed.Errors.ToList();
        if (errors.Exists(e => e.Code is nameof(IdentityErrorDescriber.DuplicateEmail) or nameof(IdentityErrorDescriber.DuplicateUserName))) return Taken();
        if (errors.TrueForAll(e => e.Code.StartsWith("Password", StringComparison.Ordinal)))
            return new Refusal(PasswordWeak, string.Join(" ", errors.Select(e => e.Description)));
        throw new InvalidOperationException($"Identity refused for a reason that is none of the shop's: {failed}");
    }
}
