using Commerce.Audit;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Commerce.Accounts;

/// <summary>Opening an account and proving that one is its owner. Passwords, lockout and stamps are Identity's.</summary>
public sealed class AccountDesk(ShopDb db, UserManager<Account> users)
{
    /// <summary>A hash of nothing anybody types: checking it takes as long as checking a real one.</summary>
    private static readonly Lazy<string> Decoy = new(() => new PasswordHasher<Account>().HashPassword(new Account { Email = "" }, Guid.NewGuid().ToString()));

    /// <summary>Opens a customer's account, in the customer's own name; another role only in the name of who may give it.</summary>
    /// <param name="beforeCommit">What has to go well too: where it throws, no account was opened. Done again where the transaction is.</param>
    public async Task<Outcome<Account>> RegisterAsync(
        string email, string password, AccountRole role = AccountRole.Shopper, Actor? by = null, string? reason = null, Func<Account, Task>? beforeCommit = null)
    {
        try
        {
            return await db.Database.CreateExecutionStrategy().ExecuteAsync<Outcome<Account>>(async () =>
            {
                db.ChangeTracker.Clear();
                await using var transaction = await db.Database.BeginTransactionAsync();
                var account = new Account { Email = email, Role = role };
                db.Audit(by ?? account.ToActor(), "accounts.opened", SubjectOf(account), reason, new { account.Email, role = Account.NameOf(role) });
                var result = await users.CreateAsync(account, password);
                if (!result.Succeeded)
                {
                    db.ChangeTracker.Clear();
                    return AccountRefusals.Of(result);
                }
                if (beforeCommit is not null) await beforeCommit(account);
                await transaction.CommitAsync();
                return account;
            });
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return AccountRefusals.Taken(); // two at once
        }
    }

    /// <summary>
    /// The account of this address and password. Unknown, wrong, locked and disabled are refused alike, in words and in time, so that nobody
    /// learns who has an account here.
    /// </summary>
    public async Task<Outcome<Account>> CheckAsync(string email, string password)
    {
        var account = await users.FindByEmailAsync(email);
        if (account is null || account.DisabledAt is not null || await users.IsLockedOutAsync(account))
        {
            users.PasswordHasher.VerifyHashedPassword(account ?? new Account { Email = email }, Decoy.Value, password);
            return AccountRefusals.NotSignedIn();
        }
        if (!await users.CheckPasswordAsync(account, password))
        {
            await users.AccessFailedAsync(account);
            return AccountRefusals.NotSignedIn();
        }
        if (account.FailedSignIns > 0) await users.ResetAccessFailedCountAsync(account);
        return account;
    }

    /// <summary>
    /// Another password for who knows the present one. Every session of the account ends; the caller begins a new one for this browser. An account that is changed
    /// at the same moment (the form was sent twice, an admin) is a <see cref="DbUpdateConcurrencyException"/>.
    /// </summary>
    /// <param name="beforeCommit">What has to go well too: where it throws, the password stays what it is. Done again where the transaction is.</param>
    public async Task<Outcome<Account>> ChangePasswordAsync(Guid accountId, string current, string wanted, Func<Account, Task> beforeCommit)
    {
        var outcome = await db.Database.CreateExecutionStrategy().ExecuteAsync<Outcome<Account>>(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync();
            if (await users.FindByIdAsync(accountId.ToString()) is not { } account) return AccountRefusals.Unknown();
            if (await users.IsLockedOutAsync(account)) return AccountRefusals.PasswordNotKnown();
            db.Audit(account.ToActor(), "accounts.password-changed", SubjectOf(account));
            var result = await users.ChangePasswordAsync(account, current, wanted);
            if (result.Errors.Any(e => e.Code == nameof(IdentityErrorDescriber.ConcurrencyFailure))) throw new DbUpdateConcurrencyException($"{result}");
            if (result.Errors.Any(e => e.Code == nameof(IdentityErrorDescriber.PasswordMismatch)))
            {
                db.ChangeTracker.Clear();
                db.Attach(account);
                await users.AccessFailedAsync(account);
                await transaction.CommitAsync();
                return AccountRefusals.PasswordNotKnown();
            }
            if (!result.Succeeded) return AccountRefusals.Of(result);
            await beforeCommit(account);
            await transaction.CommitAsync();
            return account;
        });
        if (outcome.IsRefused) db.ChangeTracker.Clear();
        return outcome;
    }

    private static string SubjectOf(Account account) => $"account:{account.Id}";
}
