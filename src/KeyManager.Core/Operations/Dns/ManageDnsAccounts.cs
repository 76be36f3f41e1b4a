using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Dns;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>The accounts with DNS services: add, change, switch on and off, try out, remove.</summary>
public sealed class ManageDnsAccounts(KeyManagerPorts ports)
{
    /// <summary>Taking the trial record away again must work for a caller that was cancelled too.</summary>
    private static readonly TimeSpan CleanUpTime = TimeSpan.FromSeconds(30);

    /// <summary>The account that a user means, by id or name.</summary>
    /// <exception cref="NotFoundException">KmDnsAccountNotFound.</exception>
    public DnsAccount Resolve(string idOrName) => ports.Store.Read(session => DnsAccess.Account(session, idOrName));

    /// <summary>All, by name.</summary>
    public IReadOnlyList<DnsAccount> List() => ports.Store.Read(session => session.DnsAccounts.List());

    /// <summary>Stores an account with its secrets, after what can be checked without the service. Where the service makes credentials itself and none are given, it is asked for them.</summary>
    /// <exception cref="ConflictException">KmDnsAccountAlreadyExists.</exception>
    /// <exception cref="InvalidRequestException">KmInvalidSetting, KmInvalidParameter, KmFileNotFound.</exception>
    public async Task<DnsAccount> AddAsync(DnsAccountRequest request, IReporter reporter, CancellationToken cancellationToken)
    {
        IDnsProvider provider = ports.DnsProviders.Get(request.Provider);
        bool isBare = provider.Description.Credentials.SelectMany(way => way.Settings)
            .All(name => !(request.Settings.TryGetValue(name, out string? value) && value.Length > 0) && !(request.Secrets.TryGetValue(name, out byte[]? secret) && secret.Length > 0));
        if (provider is not IDnsRegistration registrar || !isBare)
        {
            return Add(request, reporter);
        }

        AdministratorRule.Check(ports, "make a DNS account");
        if (ports.Store.Read(session => session.DnsAccounts.FindByName(request.Name)) is not null)
        {
            // Before somebody makes what could not be kept.
            throw new ConflictException(ConflictKind.Exists, ErrorIds.DnsAccountAlreadyExists, $"There is a DNS account '{request.Name}' already.") { Target = request.Name, Remedy = "Choose another name." };
        }

        IReadOnlyDictionary<string, string> settings = SettingValues.WithoutEmpty(ProviderRules.CheckSettings(provider.Description, request.Settings));
        DnsAccount bare = new() { Id = Identifier.New(), Name = request.Name, Provider = provider.Description.Name, Settings = settings, CreatedAt = ports.Clock.UtcNow, UpdatedAt = ports.Clock.UtcNow };
        DnsRegistration registration = await registrar.RegisterAsync(new DnsContext(bare, _ => null, reporter), cancellationToken).ConfigureAwait(false);
        try
        {
            DnsAccount account = Add(
                request with { Settings = SettingValues.Merge(settings, registration.Settings), Secrets = registration.Secrets }, reporter);
            reporter.Warn(registration.Instruction);
            return account;
        }
        finally
        {
            SecretValues.Overwrite(registration.Secrets.Values);
        }
    }

    /// <summary>Stores an account with its secrets, after what can be checked without the service.</summary>
    /// <exception cref="ConflictException">KmDnsAccountAlreadyExists.</exception>
    /// <exception cref="InvalidRequestException">KmInvalidSetting, KmInvalidParameter, KmFileNotFound.</exception>
    public DnsAccount Add(DnsAccountRequest request, IReporter reporter)
    {
        AdministratorRule.Check(ports, "make a DNS account");
        IDnsProvider provider = ports.DnsProviders.Get(request.Provider);
        IReadOnlyDictionary<string, byte[]> secrets = ProviderRules.CheckSecrets(provider.Description, request.Secrets.Where(s => s.Value.Length > 0));
        DnsAccount account = new()
        {
            Id = Identifier.New(),
            Name = request.Name,
            Provider = provider.Description.Name,
            Enabled = request.Enabled,
            Settings = SettingValues.WithoutEmpty(ProviderRules.CheckSettings(provider.Description, request.Settings)),
            Secrets = [.. secrets.Keys.OrderBy(name => name, StringComparer.Ordinal)],
            CreatedAt = ports.Clock.UtcNow,
            UpdatedAt = ports.Clock.UtcNow,
        };
        Check(provider, new DnsContext(account, name => secrets.TryGetValue(name, out byte[]? secret) ? (byte[])secret.Clone() : null, reporter));
        ports.Store.Write(session =>
        {
            session.DnsAccounts.Add(account);
            StoredSecrets.Put(session, name => SecretRef.DnsAccount(account.Id, name), [], secrets);
            session.Audit.Append(new AuditEntry("DnsAccount", "DnsAccountAdded", account.Id, account.Name, account.Provider));
        });
        return account;
    }

    /// <summary>Changes settings and secrets; an empty value takes one away. The others stay.</summary>
    /// <exception cref="NotFoundException">KmDnsAccountNotFound.</exception>
    /// <exception cref="InvalidRequestException">KmInvalidSetting, KmInvalidParameter, KmFileNotFound.</exception>
    public DnsAccount Update(string idOrName, IReadOnlyDictionary<string, string> settings, IReadOnlyDictionary<string, byte[]> secrets, IReporter reporter)
    {
        AdministratorRule.Check(ports, "change a DNS account");
        DnsAccount known = Resolve(idOrName);
        StoredSecrets.Fetch(ports.Store, name => SecretRef.DnsAccount(known.Id, name), known.Secrets, secrets);
        return ports.Store.Write(session =>
        {
            DnsAccount account = DnsAccess.Account(session, idOrName);
            IDnsProvider provider = ports.DnsProviders.Get(account.Provider);
            Dictionary<string, string> merged = SettingValues.Merge(account.Settings, ProviderRules.CheckSettings(provider.Description, settings));
            if (secrets.Count > 0 && !settings.Keys.Contains(AccountSettings.CredentialExpires, StringComparer.OrdinalIgnoreCase))
            {
                _ = merged.Remove(AccountSettings.CredentialExpires);
            }

            IReadOnlyList<string> names = StoredSecrets.Put(
                session, name => SecretRef.DnsAccount(account.Id, name), account.Secrets, ProviderRules.CheckSecrets(provider.Description, secrets));
            DnsAccount changed = account with
            {
                Settings = SettingValues.WithoutEmpty(merged),
                Secrets = names,
                UpdatedAt = ports.Clock.UtcNow,
            };

            // What fails here leaves everything as it was: the whole is one transaction.
            Check(provider, new DnsContext(changed, name => session.Secrets.Get(SecretRef.DnsAccount(account.Id, name)), reporter));
            session.DnsAccounts.Update(changed);
            session.Audit.Append(new AuditEntry("DnsAccount", "DnsAccountChanged", account.Id, account.Name, string.Join(", ", settings.Keys.Concat(secrets.Keys))));
            return changed;
        });
    }

    /// <summary>Switches it on or off. One that is off is not used, neither by name nor for its zones; what it has published is still taken away.</summary>
    /// <exception cref="NotFoundException">KmDnsAccountNotFound.</exception>
    public DnsAccount SetEnabled(string idOrName, bool enabled)
    {
        AdministratorRule.Check(ports, enabled ? "switch a DNS account on" : "switch a DNS account off");
        return ports.Store.Write(session =>
        {
            DnsAccount account = DnsAccess.Account(session, idOrName);
            if (account.Enabled == enabled)
            {
                return account;
            }

            DnsAccount changed = account with { Enabled = enabled, UpdatedAt = ports.Clock.UtcNow };
            session.DnsAccounts.Update(changed);
            session.Audit.Append(new AuditEntry("DnsAccount", enabled ? "DnsAccountEnabled" : "DnsAccountDisabled", account.Id, account.Name));
            return changed;
        });
    }

    /// <summary>Forgets the account and its secrets.</summary>
    /// <param name="idOrName">Which.</param>
    /// <param name="evenInUse">Also one that is needed: records that it published then stay where they are.</param>
    /// <exception cref="ConflictException">KmDnsAccountInUse.</exception>
    public void Remove(string idOrName, bool evenInUse)
    {
        AdministratorRule.Check(ports, "remove a DNS account");
        ports.Store.Write(session =>
        {
            DnsAccount account = DnsAccess.Account(session, idOrName);
            string? use = evenInUse ? null : UseOf(session, account);
            if (use is not null)
            {
                throw new ConflictException(ConflictKind.State, ErrorIds.DnsAccountInUse, $"The DNS account {account} is needed by {use}.")
                {
                    Target = account.Name,
                    Remedy = "Complete or cancel the orders and remove the mappings first; or use -Force.",
                };
            }

            session.DnsAccounts.Remove(account.Id);
            session.Secrets.RemoveAll("dns", account.Id);
            session.Audit.Append(new AuditEntry("DnsAccount", "DnsAccountRemoved", account.Id, account.Name));
        });
    }

    /// <summary>Writes a record for each domain, as a proof would be, and takes it away again.</summary>
    /// <param name="idOrName">Which account; one that is switched off is tried out too.</param>
    /// <param name="names">The domains; none takes those that mappings give to the account.</param>
    /// <param name="reporter">For steps and warnings.</param>
    /// <param name="scripts">Runs scripts; <c>null</c> where no PowerShell is at hand.</param>
    /// <param name="cancellationToken">Stops it; the record is taken away all the same.</param>
    /// <exception cref="NotFoundException">KmDnsAccountNotFound.</exception>
    /// <exception cref="InvalidRequestException">KmInvalidParameter: no domain is known to try it with.</exception>
    public async Task<IReadOnlyList<DnsAccountTest>> TestAsync(
        string idOrName, IReadOnlyList<DomainName> names, IReporter reporter, IScriptRunner? scripts, CancellationToken cancellationToken)
    {
        (DnsAccount account, IReadOnlyList<DomainMapping> mappings) = ports.Store.Read(session => (DnsAccess.Account(session, idOrName), session.DomainMappings.List()));
        List<string> domains = names.Count > 0
            ? [.. names.Select(n => n.BaseName)]
            : [.. mappings.Where(m => string.Equals(m.DnsAccount, account.Name, StringComparison.OrdinalIgnoreCase) && m.DomainName != DomainMapping.Everything).Select(m => m.DomainName)];
        if (domains.Count == 0)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"No domain is known to try the DNS account {account} with.")
            {
                Target = account.Name,
                Remedy = $"Name one: Test-KmDnsAccount {account.Name} -DomainName contoso.com",
            };
        }

        List<DnsAccountTest> tests = [];
        foreach (string domain in domains.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            DomainMapping? mapping = DnsAccess.MappingOf(mappings, domain);
            DomainMapping? own = string.Equals(mapping?.DnsAccount, account.Name, StringComparison.OrdinalIgnoreCase) ? mapping : null;
            tests.Add(await TestAsync(account, own, domain, reporter, scripts, cancellationToken).ConfigureAwait(false));
        }

        return tests;
    }

    private async Task<DnsAccountTest> TestAsync(DnsAccount account, DomainMapping? mapping, string domain, IReporter reporter, IScriptRunner? scripts, CancellationToken cancellationToken)
    {
        IDnsProvider provider = ports.DnsProviders.Get(account.Provider);
        DnsContext context = DnsAccess.Context(ports.Store, account, mapping, reporter, scripts);
        DnsAccountTest test = new() { DnsAccount = account.Name, Provider = account.Provider, DomainName = domain, RecordName = mapping?.RecordName ?? "_acme-challenge." + domain };
        HostedZone? zone = null;
        string step = "FindZone";
        try
        {
            Check(provider, context);
            IReadOnlyList<string> chain = mapping?.RecordName is null && ports.Aliases is not null ? await ports.Aliases.FollowAsync(test.RecordName, Resolver(context), cancellationToken).ConfigureAwait(false) : [test.RecordName];
            string end = chain[chain.Count - 1].ToLowerInvariant();
            IReadOnlyDictionary<string, HostedZone> zones = await provider.FindZonesAsync(context, [.. new[] { end, test.RecordName }.Distinct()], cancellationToken).ConfigureAwait(false);
            test = zones.ContainsKey(end) ? test with { RecordName = end } : test;
            if (!zones.TryGetValue(test.RecordName, out zone))
            {
                return test with
                {
                    FailedStep = step,
                    ErrorId = ErrorIds.DnsZoneNotFound,
                    Problem = $"The DNS account {account} has no zone that holds {test.RecordName}.",
                    Remedy = $"Give the credentials rights for the zone. What {provider.Description.Title} needs: {provider.Description.LeastRights}",
                };
            }

            test = test with { Zone = zone.Name };
            step = "Write";

            // As long as a proof, and never the same: what an earlier trial may have left is not taken for this one.
            RecordChange record = RecordChange.Add(DnsRecordType.Txt, test.RecordName, "keymanager-test-" + Identifier.New() + Identifier.New() + "aaa");
            try
            {
                await provider.ApplyAsync(context, zone, [record], cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                // It may be there all the same.
                await TryTakeAwayAsync(provider, context, zone, record).ConfigureAwait(false);
                throw;
            }

            step = "Remove";
            await CleanUp.RunAsync(token => provider.ApplyAsync(context, zone, [record with { IsRemoval = true }], token), CleanUpTime).ConfigureAwait(false);
            return test;
        }
        catch (KeyManagerException error)
        {
            return test with { FailedStep = step, ErrorId = error.ErrorId, Problem = error.Message, Remedy = error.Remedy };
        }
    }

    private static async Task TryTakeAwayAsync(IDnsProvider provider, DnsContext context, HostedZone zone, RecordChange record)
    {
        try
        {
            await CleanUp.RunAsync(token => provider.ApplyAsync(context, zone, [record with { IsRemoval = true }], token), CleanUpTime).ConfigureAwait(false);
        }
        catch (Exception error) when (error is KeyManagerException or OperationCanceledException)
        {
            context.Reporter.Verbose($"Taking the trial record at {record.Name} away: {error.Message}");
        }
    }

    private static string? Resolver(DnsContext context) =>
        context.Setting(DnsSettings.Resolver) is string resolver && !SolverContext.IsNoResolver(resolver) ? resolver : null;

    private static void Check(IDnsProvider provider, DnsContext context)
    {
        ProviderRules.CheckWhole(provider.Description, context);
        provider.Check(context);
    }

    private static string? UseOf(IStoreSession session, DnsAccount account)
    {
        if (session.DomainMappings.List().FirstOrDefault(m => string.Equals(m.DnsAccount, account.Name, StringComparison.OrdinalIgnoreCase)) is DomainMapping mapping)
        {
            return $"the mapping of {mapping}";
        }

        CertificateOrder? publishing = session.Orders.Query(new OrderQuery { HasPublishedProof = true }, null, 1000).Items
            .FirstOrDefault(o => o.Challenges.Any(c => c.Placement?.DnsAccountId == account.Id));
        return publishing is null ? null : $"order {publishing}, whose records are published with it";
    }
}
