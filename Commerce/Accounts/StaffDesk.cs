using System.Data;
using System.Security.Cryptography;
using Commerce.Audit;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Accounts;

/// <summary>What an admin decides about other people's accounts. There is always an admin left who can sign in.</summary>
public sealed class StaffDesk(ShopDb db, AccountDesk desk, UserManager<Account> users, TimeProvider clock)
{
    private const int InitialPasswordBytes = 12;

    /// <summary>Opens an account for a member of staff, with a password to hand over: the only time it is known.</summary>
    public async Task<Outcome<(Account Account, string InitialPassword)>> CreateAsync(Actor actor, string? reason, string email, AccountRole role)
    {
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(InitialPasswordBytes));
        var opened = await desk.RegisterAsync(email, password, role, actor, reason);
        return opened.Refusal is { } refusal ? refusal : (opened.Value, password);
    }

    /// <summary>The first admin, when a shop is set up; does nothing when the address has an account already.</summary>
    /// <returns>Whether it was made.</returns>
    public async Task<bool> SeedAdminAsync(Actor actor, string? reason, string email, string password)
    {
        if (await users.FindByEmailAsync(email) is not null) return false;
        var opened = await desk.RegisterAsync(email, password, AccountRole.Admin, actor, reason);
        return opened.Refusal is null || opened.Refusal.Code == AccountRefusals.EmailTaken ? !opened.IsRefused : throw new InvalidOperationException(opened.Refusal.Detail);
    }

    /// <summary>Sets the role and whether the account may be used; either ends every session of the account.</summary>
    /// <param name="stamp">The <see cref="Account.SecurityStamp"/> the caller saw; another one is a <see cref="DbUpdateConcurrencyException"/>.</param>
    public Task<Outcome<Account>> ChangeAsync(Actor actor, string? reason, Guid id, AccountRole role, bool disabled, string stamp, CancellationToken cancellation) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync<Outcome<Account>>(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
            // All admins, in one order: of two who take each other's role away at the same moment, the later one finds itself the last.
            await db.Database.ExecuteSqlAsync($"SELECT 1 FROM accounts WHERE role = 'admin' OR id = {id} ORDER BY id FOR UPDATE", cancellation);
            if (await db.Accounts.FirstOrDefaultAsync(a => a.Id == id, cancellation) is not { } account) return AccountRefusals.Unknown();
            if (account.SecurityStamp != stamp) throw new DbUpdateConcurrencyException("The account has changed since it was read.");
            var was = AccountView.Of(account);
            if (account.Role == role && was.Disabled == disabled) return account;
            if ((role != AccountRole.Admin || disabled)
                && !await db.Accounts.AnyAsync(a => a.Id != id && a.Role == AccountRole.Admin && a.DisabledAt == null, cancellation))
                return new Refusal(AccountRefusals.LastAdmin, "This is the last admin who can sign in; make another one first.");

            account.Role = role;
            account.DisabledAt = disabled ? account.DisabledAt ?? clock.GetUtcNow() : null;
            db.Audit(actor, "accounts.changed", $"account:{account.Id}", reason,
                new { account.Email, role = new { from = was.Role, to = Account.NameOf(role) }, disabled = new { from = was.Disabled, to = disabled } });
            var result = await users.UpdateSecurityStampAsync(account);
            if (!result.Succeeded) throw new DbUpdateConcurrencyException($"{result}");
            await transaction.CommitAsync(cancellation);
            return account;
        });
}
