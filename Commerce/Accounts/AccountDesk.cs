using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Commerce.Accounts;

/// <summary>Opening an account and proving that one is its owner. Passwords, lockout and stamps are Identity's.</summary>
public sealed class AccountDesk(UserManager<Account> users)
{
    /// <summary>A hash of nothing anybody types: checking it takes as long as checking a real one.</summary>
    private static readonly Lazy<string> Decoy = new(() => new PasswordHasher<Account>().HashPassword(new Account { Email = "" }, Guid.NewGuid().ToString()));

    /// <summary>Opens a customer's account, or one of staff when the caller may.</summary>
    public async Task<Outcome<Account>> RegisterAsync(string email, string password, AccountRole role = AccountRole.Shopper)
    {
        var account = new Account { Email = email, Role = role };
        try
        {
            var result = await users.CreateAsync(account, password);
            return result.Succeeded ? account : AccountRefusals.Of(result);
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
}
