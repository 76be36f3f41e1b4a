using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Deployments;
using KeyManager.Dns;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Says which DNS account changes the records of which domain, and which targets its certificates go to.</summary>
public sealed class ManageDomainMappings(KeyManagerPorts ports)
{
    /// <summary>All, by domain.</summary>
    public IReadOnlyList<DomainMapping> List() => ports.Store.Read(session => session.DomainMappings.List());

    /// <summary>The mapping of exactly this domain.</summary>
    /// <exception cref="NotFoundException">KmDomainMappingNotFound.</exception>
    public DomainMapping Resolve(string idOrDomain) => ports.Store.Read(session => Find(session, idOrDomain));

    /// <summary>Makes the mapping of a domain, or changes it: what is <c>null</c> stays, what is empty is taken away.</summary>
    /// <param name="domain">The domain, "*" for all without a mapping of their own.</param>
    /// <param name="dnsAccount">Name or id of the DNS account.</param>
    /// <param name="recordName">Full name at which proofs are written.</param>
    /// <param name="settings">Settings of the account that are others for this domain.</param>
    /// <param name="secrets">The same that are secret, UTF-8; the caller overwrites them.</param>
    /// <param name="reporter">For warnings.</param>
    /// <param name="deployTargets">Names or ids of the targets that certificates for the domain are deployed to.</param>
    /// <exception cref="NotFoundException">KmDnsAccountNotFound, KmDeployTargetNotFound.</exception>
    /// <exception cref="InvalidRequestException">KmInvalidDomainName, KmInvalidSetting, KmInvalidParameter.</exception>
    public DomainMapping Set(
        string domain, string? dnsAccount, string? recordName, IReadOnlyDictionary<string, string> settings, IReadOnlyDictionary<string, byte[]> secrets, IReporter reporter,
        IReadOnlyList<string>? deployTargets = null)
    {
        AdministratorRule.Check(ports, "change the mapping of a domain");
        string name = Canonical(domain);
        string? record = string.IsNullOrWhiteSpace(recordName) ? recordName : RecordName(recordName!);
        FetchSecrets(name, dnsAccount, secrets);
        return ports.Store.Write(session =>
        {
            DomainMapping? before = session.DomainMappings.FindByName(name);
            DomainMapping mapping = before ?? new DomainMapping { Id = Identifier.New(), DomainName = name, CreatedAt = ports.Clock.UtcNow, UpdatedAt = ports.Clock.UtcNow };
            string? account = dnsAccount is null ? mapping.DnsAccount : dnsAccount.Length == 0 ? null : DnsAccess.Account(session, dnsAccount).Name;
            mapping = mapping with { DnsAccount = account, RecordName = record is null ? mapping.RecordName : record.Length == 0 ? null : record, UpdatedAt = ports.Clock.UtcNow };
            mapping = deployTargets is null ? mapping : mapping with { DeployTargets = DeployAccess.Names(session, deployTargets) };
            mapping = WithOverrides(session, mapping, settings, secrets);
            if (mapping.DnsAccount is null && mapping.RecordName is null && mapping.DeployTargets.Count == 0)
            {
                throw new InvalidRequestException(ErrorIds.InvalidParameter, $"The mapping of {name} says nothing.")
                {
                    Target = name,
                    Remedy = $"Name an account with -DnsAccount, a target with -DeployTarget, or a record with -RecordName; to forget it: Remove-KmDomainMapping {name}.",
                };
            }

            if (before is null)
            {
                session.DomainMappings.Add(mapping);
            }
            else
            {
                session.DomainMappings.Update(mapping);
            }

            session.Audit.Append(new AuditEntry("DomainMapping", "DomainMappingSet", mapping.Id, mapping.DomainName, string.Join(", ", new[] { mapping.DnsAccount }.OfType<string>().Concat(mapping.DeployTargets))));
            Check(session, mapping, reporter);
            return mapping;
        });
    }

    /// <summary>Forgets the mapping of a domain.</summary>
    /// <exception cref="NotFoundException">KmDomainMappingNotFound.</exception>
    public void Remove(string idOrDomain)
    {
        AdministratorRule.Check(ports, "remove the mapping of a domain");
        ports.Store.Write(session =>
        {
            DomainMapping mapping = Find(session, idOrDomain);
            session.DomainMappings.Remove(mapping.Id);
            session.Secrets.RemoveAll("mapping", mapping.Id);
            session.Audit.Append(new AuditEntry("DomainMapping", "DomainMappingRemoved", mapping.Id, mapping.DomainName));
        });
    }

    private DomainMapping WithOverrides(IStoreSession session, DomainMapping mapping, IReadOnlyDictionary<string, string> settings, IReadOnlyDictionary<string, byte[]> secrets)
    {
        if (settings.Count == 0 && secrets.Count == 0)
        {
            return mapping;
        }

        if (mapping.DnsAccount is null)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"The settings for {mapping} are those of a DNS account, and none is named.") { Target = mapping.DomainName, Remedy = "Name it with -DnsAccount." };
        }

        DnsProviderDescription about = ports.DnsProviders.Get(DnsAccess.Account(session, mapping.DnsAccount).Provider).Description;
        Dictionary<string, string> merged = SettingValues.Merge(mapping.Settings, ProviderRules.CheckSettings(about, settings));
        return mapping with
        {
            Settings = SettingValues.WithoutEmpty(merged),
            Secrets = StoredSecrets.Put(session, name => SecretRef.DomainMapping(mapping.Id, name), mapping.Secrets, ProviderRules.CheckSecrets(about, secrets)),
        };
    }

    /// <summary>Fetches what <see cref="Check"/> may ask for.</summary>
    private void FetchSecrets(string name, string? dnsAccount, IReadOnlyDictionary<string, byte[]> given)
    {
        DomainMapping? mapping = ports.Store.Read(session => session.DomainMappings.FindByName(name));
        if (mapping is not null)
        {
            StoredSecrets.Fetch(ports.Store, secret => SecretRef.DomainMapping(mapping.Id, secret), mapping.Secrets, given);
        }

        string? called = dnsAccount ?? mapping?.DnsAccount;
        if (!string.IsNullOrEmpty(called))
        {
            DnsAccount account = ports.Store.Read(session => DnsAccess.Account(session, called!));
            StoredSecrets.Fetch(ports.Store, secret => SecretRef.DnsAccount(account.Id, secret), account.Secrets, given);
        }
    }

    /// <summary>Refuses what can never work; the transaction leaves everything as it was.</summary>
    private void Check(IStoreSession session, DomainMapping mapping, IReporter reporter)
    {
        if (mapping.DnsAccount is null || !mapping.HasOverrides)
        {
            return;
        }

        DnsAccount account = DnsAccess.Account(session, mapping.DnsAccount);

        IDnsProvider provider = ports.DnsProviders.Get(account.Provider);
        DnsContext context = new(
            account with { Settings = SettingValues.Merge(account.Settings, mapping.Settings) },
            name => session.Secrets.Get(mapping.Secrets.Contains(name, StringComparer.OrdinalIgnoreCase) ? SecretRef.DomainMapping(mapping.Id, name) : SecretRef.DnsAccount(account.Id, name)),
            reporter);
        ProviderRules.CheckWhole(provider.Description, context);
        provider.Check(context);
    }

    private static DomainMapping Find(IStoreSession session, string idOrDomain) =>
        session.DomainMappings.Find(idOrDomain) ?? session.DomainMappings.FindByName(Canonical(idOrDomain))
        ?? throw new NotFoundException(ErrorIds.DomainMappingNotFound, $"There is no mapping of the domain '{idOrDomain}'.")
        {
            Target = idOrDomain,
            Remedy = "Get-KmDomainMapping lists them.",
        };

    /// <exception cref="InvalidRequestException">KmInvalidDomainName.</exception>
    private static string Canonical(string domain) => domain.Trim() == DomainMapping.Everything ? DomainMapping.Everything : DomainName.Parse(domain).BaseName;

    // A record's name may have labels that no certificate has.
    private static string RecordName(string text)
    {
        string name = text.Trim().TrimEnd('.').ToLowerInvariant();
        return name.Length is > 0 and < 254 && name.IndexOf('.') > 0 && name.Split('.').All(label => label.Length is > 0 and < 64 && label.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_'))
            ? name
            : throw new InvalidRequestException(ErrorIds.InvalidParameter, $"'{text}' is not the full name of a record.")
            {
                Target = text,
                Remedy = "Write it as _acme-challenge.contoso.com, international labels as xn--....",
            };
    }
}
