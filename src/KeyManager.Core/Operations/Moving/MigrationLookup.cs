using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Authorities;
using KeyManager.Challenges;
using KeyManager.Moving;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Finds out what another program's things are here, and whether they are here already. Changes nothing.</summary>
internal sealed class MigrationLookup(KeyManagerPorts ports, MigrationOptions options)
{
    private const string AnyServer = "Acme";
    private const string DirectoryUrlSetting = "DirectoryUrl";

    /// <summary>The authority of an account: one that is listed, else any ACME server by its address.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidParameter: its address is not known.</exception>
    public ForeignAuthority AuthorityOf(ForeignAccount account)
    {
        IEnumerable<(string Name, AuthorityEnvironment Environment, Uri Url)> listed =
            from authority in ports.Authorities.All
            from address in authority.Description.Addresses
            where authority is IAccountKeyAbility && Uri.IsWellFormedUriString(address.Value, UriKind.Absolute)
            select (authority.Description.Name, address.Key, new Uri(address.Value));
        Dictionary<string, string> settings = options.AccountSettings.ToDictionary(s => s.Key, s => s.Value);
        if (Url(account.DirectoryUrl) is Uri directory)
        {
            (string Name, AuthorityEnvironment Environment, Uri Url) known = listed.FirstOrDefault(l => IsSame(l.Url, directory));
            if (known.Name is not null)
            {
                return new(known.Name, known.Environment, settings);
            }

            settings[DirectoryUrlSetting] = directory.AbsoluteUri;
            return new(AnyServer, AuthorityEnvironment.Production, settings);
        }

        // A program that does not keep it keeps other addresses of the server; those of one server may have several directories on one host.
        Uri? other = Url(account.AuthorityAddress);
        List<(string Name, AuthorityEnvironment Environment, Uri Url)> there = other is null ? [] : [.. listed.Where(l => string.Equals(l.Url.Authority, other.Authority, StringComparison.OrdinalIgnoreCase))];
        if (there.Count == 1)
        {
            return new(there[0].Name, there[0].Environment, settings);
        }

        if (Url(options.DirectoryUrl) is not Uri given)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"{options.Tool} does not keep the address of the directory of {other?.Authority ?? account.Name}.")
            {
                Target = account.Name,
                Remedy = "Name it with -DirectoryUrl.",
            };
        }

        return AuthorityOf(account with { DirectoryUrl = given.AbsoluteUri });
    }

    /// <summary>The account here that has the same key; <c>null</c> when there is none.</summary>
    /// <exception cref="KeyMaterialException">Its key cannot be read.</exception>
    public AuthorityAccount? FindKnown(ForeignAccount account, ForeignAuthority authority)
    {
        IReadOnlyDictionary<string, byte[]> keys = new ManageAccountKey(ports).Read(authority.Name, account.Key, null, account.Source);
        try
        {
            return ports.Store.Read(session => session.Accounts.List().FirstOrDefault(a => a.Authority == authority.Name && a.Status == AccountStatus.Valid
                && keys.All(k => StoredSecrets.Holds(session, SecretRef.Account(a.Id, k.Key), k.Value))));
        }
        finally
        {
            SecretValues.Overwrite(keys.Values);
        }
    }

    /// <summary>The account here with the same credentials for the same service; <c>null</c> when there is none.</summary>
    public DnsAccount? FindKnown(ForeignDnsAccount account) => ports.Store.Read(session => session.DnsAccounts.List().FirstOrDefault(d =>
        d.Provider.Equals(account.Provider, StringComparison.OrdinalIgnoreCase)
        && account.Settings.All(s => d.Settings.TryGetValue(s.Key, out string? value) && value == s.Value)
        && d.Secrets.Count == account.Secrets.Count
        && account.Secrets.All(s => StoredSecrets.Holds(session, SecretRef.DnsAccount(d.Id, s.Key), s.Value))));

    /// <summary>What an account is called here: after the program and the authority.</summary>
    public string NameOf(ForeignAuthority authority)
    {
        string name = authority.Settings.TryGetValue(DirectoryUrlSetting, out string? url) ? new Uri(url).Host : authority.Name;
        return $"{options.Tool}-{name}{(authority.Environment == AuthorityEnvironment.Staging ? "-staging" : "")}".ToLowerInvariant();
    }

    /// <summary>A name like this one that is free.</summary>
    public static string FreeName(string wanted, Func<string, bool> isTaken)
    {
        string name = wanted;
        for (int i = 2; isTaken(name); i++)
        {
            name = FormattableString.Invariant($"{wanted}-{i}");
        }

        return name;
    }

    /// <summary>The certificate in another program's files, with its key where that lies beside it.</summary>
    /// <exception cref="KeyManagerException">They cannot be read, or the key is of another certificate.</exception>
    public OpenedCertificate Open(ForeignCertificate certificate)
    {
        IReadOnlyList<KeystoreEntry> entries = ports.KeystoreReader.Read(ManageKeys.NotEmpty(certificate.Data, certificate.Source), certificate.Password, certificate.Source);
        try
        {
            List<CertificateContent> all = [.. entries.SelectMany(e => e.Certificates).Select(ports.Certificates.Parse)];
            CertificateContent leaf = all.Count > 0 ? ports.Certificates.FindLeaf(all) : throw new KeyMaterialException(ErrorIds.CertificateUnreadable, $"{certificate.Source} holds no certificate.") { Target = certificate.Source };
            KeyPair? key = entries.Select(e => e.Key).FirstOrDefault(k => k is not null);
            return key is null || key.SubjectPublicKeyInfo.SequenceEqual(leaf.SubjectPublicKeyInfo)
                ? new OpenedCertificate(entries, leaf, key is not null)
                : throw new KeyMaterialException(ErrorIds.KeyMismatch, $"The private key in {certificate.Source} does not belong to the certificate '{certificate.Name}' in it.") { Target = certificate.Source };
        }
        catch
        {
            KeystoreEntry.DisposeKeys(entries);
            throw;
        }
    }

    private static Uri? Url(string? text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "https" or "http" ? url : null;

    private static bool IsSame(Uri one, Uri other) => Uri.Compare(one, other, UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;
}
