using System;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Providers.Authorities.Acme.Protocol;
using KeyManager.Providers.Networking;
using KeyManager.Storage;

namespace KeyManager.Providers.Authorities.Acme;

/// <summary>Opens the way from a stored account to its server.</summary>
internal sealed class AcmeConnections(AcmePreset preset, AcmeSessions sessions, IStore store, Clock clock)
{
    /// <summary>Name of the secret that holds an account's key, PKCS#8.</summary>
    public const string KeySecret = "account-key";

    // As long as an operation works with the context, and no longer: to read the key once and not before each request.
    private readonly ConditionalWeakTable<AuthorityContext, AcmeClient> _clients = new();

    /// <summary>Where the server of an account is.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting: nothing names one.</exception>
    public Uri DirectoryUrl(AcmeSettings settings, AuthorityEnvironment environment)
    {
        if (settings.DirectoryUrl is string own)
        {
            return AcmeSettings.ParseDirectoryUrl(own);
        }

        string? known = environment == AuthorityEnvironment.Staging ? preset.Staging : preset.Production;
        return known is not null
            ? new Uri(known)
            : throw new InvalidRequestException(
                ErrorIds.InvalidSetting,
                preset.Production is null ? $"{preset.Title} has no address of its own." : $"{preset.Title} has no staging environment.")
            {
                Target = preset.Name,
                Remedy = preset.Production is null ? "Name the server with -DirectoryUrl." : "Leave out -Environment, or try things out with -Authority LetsEncrypt -Environment Staging.",
            };
    }

    public AcmeSession Session(AcmeSettings settings, AuthorityEnvironment environment) =>
        sessions.Get(preset.TitleOf(settings), DirectoryUrl(settings, environment), settings);

    public AcmeSession Session(AuthorityAccount account) => Session(AcmeSettings.Of(account), account.Environment);

    /// <summary>A way to another server of the authority, for a single question.</summary>
    public HttpChannel Channel(AcmeSettings settings) =>
        new(preset.TitleOf(settings), settings.Proxy, settings.TrustedRootPath is string roots ? TrustedRoots.Read(roots) : null);

    /// <summary>The requests of an account, with the key that it has at the first call for this context.</summary>
    public AcmeClient Open(AuthorityContext context) => _clients.GetValue(context, Connect);

    private AcmeClient Connect(AuthorityContext context)
    {
        string url = context.Account.AuthorityAccountId ?? throw new ConflictException(ConflictKind.State, ErrorIds.AccountNotFound, $"The account {context.Account} is not registered yet.")
        {
            Target = context.Account.Name,
            Remedy = "Run the same New-KmAccount again.",
        };
        AcmeSession session = Session(context.Account);
        ShareDirectory(context.Account, session);
        return new AcmeClient(preset.TitleOf(AcmeSettings.Of(context.Account)), session, Key(context), url, context.Reporter, clock);
    }

    /// <summary>A new session begins with the directory that is stored with the account; one that has read it since leaves it there.</summary>
    private void ShareDirectory(AuthorityAccount account, AcmeSession session)
    {
        AcmeAccountData? stored = AcmeAccountData.Of(account);
        if (stored is not null)
        {
            session.Begin(stored);
        }

        if (session.Directory is not AcmeAccountData known || known.ReadAt <= stored?.ReadAt || known.ToJson() is not string json)
        {
            return;
        }

        try
        {
            store.Write(
                s =>
                {
                    if (s.Accounts.Find(account.Id) is AuthorityAccount now)
                    {
                        s.Accounts.Update(now with { AuthorityData = json });
                    }
                },
                Durability.Deferred);
        }
        catch (StoreException)
        {
            // It only saves a request.
        }
    }

    /// <summary>The key of an account.</summary>
    public static AccountKey Key(AuthorityContext context)
    {
        byte[] pkcs8 = context.GetSecret(KeySecret) ?? throw new KeyMaterialException(ErrorIds.PrivateKeyNotFound, $"The key of the account {context.Account} is not in the store.")
        {
            Target = context.Account.Name,
            Remedy = "Restore the store from a backup, or take the account up again with Add-KmAccount and its exported key.",
        };
        return AccountKey.TakePkcs8(pkcs8);
    }

    /// <summary>Does the work; a refusal that nobody knew what to do about becomes the error that explains it.</summary>
    public static async Task<T> ExplainAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (AcmeProblemException problem)
        {
            throw problem.Explained;
        }
    }

    public static Task ExplainAsync(Func<Task> work) => ExplainAsync(async () =>
    {
        await work().ConfigureAwait(false);
        return true;
    });
}
