using System;
using System.Globalization;
using KeyManager.Authorities;
using KeyManager.Storage;

namespace KeyManager.Providers.Authorities.Local;

/// <summary>Keeps an issuing authority ready that lives longer than what it signs; makes a new one under the root in time.</summary>
internal sealed class IssuingAuthorities(IStore store, Clock clock, IKeyTools keys)
{
    private static readonly TimeSpan Busy = TimeSpan.FromMinutes(1);

    /// <summary>The account's data, with a current issuing authority that lives at least until <paramref name="notAfter"/>.</summary>
    /// <exception cref="AuthorityException">KmAuthorityRejected: the root itself does not live that long.</exception>
    public LocalData Ready(AuthorityContext context, LocalSettings settings, DateTimeOffset notAfter)
    {
        LocalData data = Load(context);
        return data.Current.NotAfter >= notAfter ? data : Renew(context, settings, notAfter);
    }

    /// <summary>Builds an issuing authority; its life ends with the root's at the latest.</summary>
    public static LocalData.IssuingAuthority Build(
        string accountName, LocalSettings settings, int number, KeyPair key, byte[] root, byte[] rootKey, DateTimeOffset notBefore, DateTimeOffset now, DateTimeOffset rootEnd)
    {
        DateTimeOffset wanted = now.AddYears(settings.IssuingYears);
        DateTimeOffset notAfter = wanted < rootEnd ? wanted : rootEnd;
        string name = string.Format(CultureInfo.InvariantCulture, "{0} Issuing CA {1}", accountName, number);
        return new LocalData.IssuingAuthority
        {
            Number = number,
            NotAfter = notAfter,
            Certificate = CertificateBuilder.BuildIssuing(name, settings.Organization, key, root, rootKey, settings.KeySpec, notBefore, notAfter),
        };
    }

    private LocalData Renew(AuthorityContext context, LocalSettings settings, DateTimeOffset notAfter)
    {
        string lease = "issuing:" + context.Account.Id;
        string holder = Identifier.New();
        if (!store.Leases.TryAcquire(lease, holder, Busy))
        {
            throw new ConflictException(ConflictKind.Busy, ErrorIds.AccountBusy, $"Another command is making a new issuing authority for the account {context.Account}.")
            {
                Target = context.Account.Name,
                IsTransient = true,
                Remedy = "Try again in a minute.",
            };
        }

        try
        {
            LocalData data = Load(context);
            if (data.Current.NotAfter >= notAfter)
            {
                return data;
            }

            DateTimeOffset now = clock.UtcNow;
            DateTimeOffset rootEnd = new(new Org.BouncyCastle.X509.X509CertificateParser().ReadCertificate(data.Root).NotAfter.ToUniversalTime(), TimeSpan.Zero);
            DateTimeOffset possible = now.AddYears(settings.IssuingYears) < rootEnd ? now.AddYears(settings.IssuingYears) : rootEnd;
            if (possible < notAfter)
            {
                throw new AuthorityException(ErrorIds.AuthorityRejected, $"The account {context.Account.Name} cannot issue until {notAfter:yyyy-MM-dd}: its authorities end on {possible:yyyy-MM-dd}.")
                {
                    Target = context.Account.Name,
                    Remedy = "Ask for less with -ValidityDays, raise the setting IssuingYears, or make a new account with a new root.",
                };
            }

            using KeyPair key = keys.Generate(settings.KeySpec);
            byte[] rootKey = context.GetSecret(LocalData.RootKey)
                ?? throw new KeyMaterialException(ErrorIds.PrivateKeyNotFound, $"The root key of the account {context.Account} is missing.") { Target = context.Account.Name };
            LocalData.IssuingAuthority next = Build(context.Account.Name, settings, data.Current.Number + 1, key, data.Root, rootKey, now, now, rootEnd);
            Array.Clear(rootKey, 0, rootKey.Length);
            data.Issuing.Add(next);
            store.Write(session =>
            {
                AuthorityAccount account = session.Accounts.Find(context.Account.Id) ?? context.Account;
                session.Secrets.Put(SecretRef.Account(account.Id, next.KeyName), key.Pkcs8);
                session.Accounts.Update(account with { AuthorityData = data.ToJson(), UpdatedAt = now });
                session.Audit.Append(new AuditEntry("Account", "IssuingAuthorityCreated", account.Id, account.Name, $"number {next.Number}, until {next.NotAfter:yyyy-MM-dd}"));
            });
            context.Reporter.Verbose($"Made issuing authority {next.Number} of {context.Account.Name}, good until {next.NotAfter:yyyy-MM-dd}.");
            return data;
        }
        finally
        {
            store.Leases.Release(lease, holder);
        }
    }

    private LocalData Load(AuthorityContext context) =>
        LocalData.Of(store.Read(session => session.Accounts.Find(context.Account.Id)) ?? context.Account);
}
