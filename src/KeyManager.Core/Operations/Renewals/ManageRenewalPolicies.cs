using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Dns;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Makes, changes and removes the policies by which certificates are renewed. Every change makes the next sweep look at all of them.</summary>
public sealed class ManageRenewalPolicies(KeyManagerPorts ports)
{
    /// <summary>All, by name.</summary>
    public IReadOnlyList<RenewalPolicy> List() => ports.Store.Read(session => session.RenewalPolicies.List());

    /// <summary>By name or id.</summary>
    /// <exception cref="NotFoundException">KmRenewalPolicyNotFound.</exception>
    public RenewalPolicy Resolve(string idOrName) => ports.Store.Read(session => Find(session, idOrName));

    /// <summary>Makes a policy, or changes the one of that name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="change">Gets what is there, or what a new one begins with, and answers what shall be.</param>
    /// <param name="reporter">For a warning when it selects nothing, or everything.</param>
    /// <exception cref="InvalidRequestException">KmInvalidParameter.</exception>
    /// <exception cref="NotFoundException">KmDnsAccountNotFound, KmAccountNotFound, KmAuthorityNotFound: it names what does not exist.</exception>
    public RenewalPolicy Set(string name, Func<RenewalPolicy, RenewalPolicy> change, IReporter reporter)
    {
        Guard.NotNull(change);
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, "A renewal policy needs a name.") { Remedy = "For example: Set-KmRenewalPolicy default -DaysBeforeExpiry 20" };
        }

        return ports.Store.Write(session =>
        {
            DateTimeOffset now = ports.Clock.UtcNow;
            RenewalPolicy? before = session.RenewalPolicies.FindByName(name.Trim());
            RenewalPolicy policy = change(before ?? new RenewalPolicy { Id = Identifier.New(), Name = name.Trim(), CreatedAt = now, UpdatedAt = now }) with { UpdatedAt = now };
            policy = Check(session, policy);
            if (before is null)
            {
                session.RenewalPolicies.Add(policy);
            }
            else
            {
                session.RenewalPolicies.Update(policy);
            }

            Changed(session, "RenewalPolicySet", policy);
            Warn(session, policy, reporter);
            return policy;
        });
    }

    /// <summary>Switches a policy on or off. Off, it keeps what it selects from being renewed by itself.</summary>
    public RenewalPolicy SetEnabled(string id, bool enabled) => ports.Store.Write(session =>
    {
        RenewalPolicy policy = Find(session, id) with { IsEnabled = enabled, UpdatedAt = ports.Clock.UtcNow };
        session.RenewalPolicies.Update(policy);
        Changed(session, enabled ? "RenewalPolicyEnabled" : "RenewalPolicyDisabled", policy);
        return policy;
    });

    /// <summary>Removes a policy. What it selected falls to the next one that selects it, or to the usual rule.</summary>
    public void Remove(string id) => ports.Store.Write(session =>
    {
        RenewalPolicy policy = Find(session, id);
        session.RenewalPolicies.Remove(policy.Id);
        Changed(session, "RenewalPolicyRemoved", policy);
    });

    private static void Changed(IStoreSession session, string action, RenewalPolicy policy)
    {
        session.Renewals.LookAtAll();
        session.Audit.Append(new AuditEntry("AutoRenewal", action, policy.Id, policy.Name));
    }

    private RenewalPolicy Check(IStoreSession session, RenewalPolicy policy)
    {
        if (policy.DaysBeforeExpiry is not null && policy.LifeLeft is not null)
        {
            throw Invalid(policy, "-DaysBeforeExpiry and -LifeLeft both say when.", "Use one of them; an empty value takes the other back.");
        }

        if (policy.DaysBeforeExpiry is < 1 or > 398)
        {
            throw Invalid(policy, $"-DaysBeforeExpiry {policy.DaysBeforeExpiry} is out of range.", "Give 1 to 398 days.");
        }

        if (policy.LifeLeft is < 0.05 or > 0.67)
        {
            throw Invalid(policy, $"-LifeLeft {policy.LifeLeft} is out of range.", "Give a part of the life from 0.05 to 0.67, such as 0.33.");
        }

        if (policy.YearlyBudget < 0)
        {
            throw Invalid(policy, "A budget cannot be negative.", "Give 0 or more.");
        }

        if (policy.KeyLength is not null || policy.KeyAlgorithm is not null)
        {
            _ = KeyDefaults.Choose(session.Settings, policy.KeyAlgorithm, policy.KeyLength);
        }

        foreach (string authority in policy.Authorities)
        {
            _ = ports.Authorities.Get(authority);
        }

        return policy with
        {
            DnsAccount = policy.DnsAccount is null ? null : DnsAccess.Account(session, policy.DnsAccount).Name,
            FallbackAccount = policy.FallbackAccount is null ? null : Lookup.UsableAccount(session, policy.FallbackAccount).Name,
            Accounts = [.. policy.Accounts.Select(a => Lookup.Account(session, a).Name)],
        };
    }

    private static void Warn(IStoreSession session, RenewalPolicy policy, IReporter reporter)
    {
        if (policy.SelectsAll)
        {
            reporter.Warn($"The policy {policy} names no certificates, so it counts for all that no other policy selects ({session.Certificates.CountCurrent()} in the inventory now).");
            return;
        }

        string? after = null;
        do
        {
            Page<Certificate> page = session.Certificates.Query(new CertificateQuery(), after, 500);
            if (page.Items.Any(policy.Selects))
            {
                return;
            }

            after = page.Next;
        }
        while (after is not null);
        reporter.Warn($"The policy {policy} selects no certificate of the inventory now.");
    }

    private static RenewalPolicy Find(IStoreSession session, string idOrName) =>
        session.RenewalPolicies.Find(idOrName) ?? session.RenewalPolicies.FindByName(idOrName)
        ?? throw new NotFoundException(ErrorIds.RenewalPolicyNotFound, $"There is no renewal policy '{idOrName}'.") { Target = idOrName, Remedy = "Get-KmRenewalPolicy lists them." };

    private static InvalidRequestException Invalid(RenewalPolicy policy, string message, string remedy) =>
        new(ErrorIds.InvalidParameter, $"Policy {policy}: {message}") { Target = policy.Name, Remedy = remedy };
}
