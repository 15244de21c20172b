using Microsoft.EntityFrameworkCore;

namespace Commerce.Accounts;

/// <summary>A page of accounts, newest first.</summary>
public sealed record AccountPage(IReadOnlyList<AccountView> Items, string? NextCursor);

/// <summary>An account as an admin sees it. Role is shopper, staff or admin.</summary>
public sealed record AccountView(Guid Id, string Email, string Role, bool Disabled, DateTimeOffset CreatedAt)
{
    public static AccountView Of(Account account) => new(account.Id, account.Email, Account.NameOf(account.Role), account.DisabledAt is not null, account.CreatedAt);
}

/// <summary>Reading accounts.</summary>
public static class AccountReads
{
    /// <summary>Staff and admins; with an address, whoever has it, shoppers too.</summary>
    public static async Task<Outcome<AccountPage>> ListAccountsAsync(this ShopDb db, string? email, int limit, string? cursor, CancellationToken cancellation)
    {
        var accounts = db.Accounts.AsNoTracking();
        accounts = email is null ? accounts.Where(a => a.Role != AccountRole.Shopper) : accounts.Where(a => a.NormalizedEmail == email.Normalize().ToUpperInvariant());
        if (cursor is not null)
        {
            if (IdCursor.Read(cursor) is not { } before) return AccountRefusals.NoSuchCursor();
            accounts = accounts.Where(a => a.Id < before);
        }
        var rows = await accounts.OrderByDescending(a => a.Id).Take(limit + 1).ToListAsync(cancellation);
        return new AccountPage([.. rows.Take(limit).Select(AccountView.Of)], rows.Count > limit ? IdCursor.Write(rows[limit - 1].Id) : null);
    }

    public static async Task<Outcome<Account>> FindAccountAsync(this ShopDb db, Guid id, CancellationToken cancellation) =>
        await db.Accounts.FirstOrDefaultAsync(a => a.Id == id, cancellation) is { } account ? account : AccountRefusals.Unknown();
}
