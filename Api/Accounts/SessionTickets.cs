using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Commerce;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using StackExchange.Redis;

namespace Api.Accounts;

/// <summary>Redis cannot be asked who is signed in.</summary>
public sealed class SessionsAwayException(Exception? inner) : Exception("Redis, which holds the sessions, cannot be reached.", inner);

/// <summary>
/// The tickets of sessions in Redis: encrypted, so that whoever can write there cannot make one, and under the hash of their key, so that whoever can read there cannot
/// bring one. Losing them means signing in again.
/// </summary>
public sealed class SessionTickets(IConnectionMultiplexer redis, IDataProtectionProvider protection, TimeProvider clock)
{
    private const int KeyBytes = 32;

    /// <summary>A slower answer counts as none.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);

    private readonly IDataProtector _protector = protection.CreateProtector("Api.Accounts.SessionTickets.v1");
    private readonly RedisOutage _outage = new(clock, AskAgainAfter);

    /// <returns>The key, which no other session has had.</returns>
    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));
        var lives = ticket.Properties.ExpiresUtc!.Value - clock.GetUtcNow();
        await AskAsync(database => database.StringSetAsync(NameOf(key), _protector.Protect(TicketSerializer.Default.Serialize(ticket)), lives));
        return key;
    }

    public async Task<AuthenticationTicket?> FindAsync(string key)
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

    private static string NameOf(string key) => $"session:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}";
}
