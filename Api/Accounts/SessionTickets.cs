using System.Buffers.Text;
using System.Security.Cryptography;
using Commerce;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using StackExchange.Redis;

namespace Api.Accounts;

/// <summary>Redis cannot be asked who is signed in.</summary>
public sealed class SessionsAwayException(Exception? inner) : Exception("Redis, which holds the sessions, cannot be reached.", inner);

/// <summary>The tickets of sessions in Redis, encrypted, so that whoever can write there cannot make one. Losing them means signing in again.</summary>
public sealed class SessionTickets(IConnectionMultiplexer redis, IDataProtectionProvider protection, TimeProvider clock) : ITicketStore
{
    private const int KeyBytes = 32;

    /// <summary>A slower answer counts as none.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);

    private readonly IDataProtector _protector = protection.CreateProtector("Api.Accounts.SessionTickets.v1");
    private readonly RedisOutage _outage = new(clock, AskAgainAfter);

    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));
        await RenewAsync(key, ticket);
        return key;
    }

    public Task RenewAsync(string key, AuthenticationTicket ticket) => AskAsync(database =>
        database.StringSetAsync(NameOf(key), _protector.Protect(TicketSerializer.Default.Serialize(ticket)), ticket.Properties.ExpiresUtc!.Value - clock.GetUtcNow()));

    public async Task<AuthenticationTicket?> RetrieveAsync(string key)
    {
        if ((byte[]?)await AskAsync(database => database.StringGetAsync(NameOf(key))) is not { } bytes) return null;
        try
        {
            return TicketSerializer.Default.Deserialize(_protector.Unprotect(bytes));
        }
        catch (CryptographicException)
        {
            return null; // written under keys of another database: a session of a shop that is no more
        }
    }

    public Task RemoveAsync(string key) => AskAsync(database => database.KeyDeleteAsync(NameOf(key)));

    /// <summary>Right after a failure nobody waits for another one.</summary>
    private async Task<T> AskAsync<T>(Func<IDatabase, Task<T>> ask)
    {
        if (_outage.IsOn) throw new SessionsAwayException(null);
        try
        {
            return await ask(redis.GetDatabase()).WaitAsync(Patience);
        }
        catch (RedisServerException refused)
        {
            throw new SessionsAwayException(refused); // it is there: the next command may be one it takes
        }
        catch (Exception error) when (error is RedisException or TimeoutException)
        {
            _outage.Begin();
            throw new SessionsAwayException(error);
        }
    }

    private static string NameOf(string key) => $"session:{key}";
}
