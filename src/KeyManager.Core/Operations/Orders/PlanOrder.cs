using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using KeyManager.Authorities;
using KeyManager.Challenges;
using KeyManager.Deployments;
using KeyManager.Dns;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Turns a request into the order it would become: account, names, key and authority checked. Changes nothing.</summary>
internal sealed class PlanOrder(KeyManagerPorts ports)
{
    /// <param name="session">What is stored, to choose from.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="renews">The order whose certificate is renewed; <c>null</c> for a first one.</param>
    /// <param name="reporter">For what the authority has to say about it.</param>
    /// <param name="isReissue">Another certificate within the term that <paramref name="renews"/> has paid for.</param>
    public OrderPlan Make(IStoreSession session, OrderRequest request, CertificateOrder? renews, IReporter reporter, bool isReissue = false)
    {
        AuthorityAccount account = Lookup.UsableAccount(session, request.Account);
        ICertificateAuthority authority = ports.Authorities.Get(account.Authority);
        if (request.ChallengeType is ChallengeType wanted && !authority.Description.ChallengeTypes.Contains(wanted))
        {
            IReadOnlyList<ChallengeType> offered = authority.Description.ChallengeTypes;
            throw new InvalidRequestException(
                ErrorIds.AuthorityCannot,
                $"{authority.Description.Title} does not check {wanted}; {(offered.Count == 0 ? "it asks for no proof" : $"it checks {string.Join(" and ", offered)}")}.")
            {
                Target = wanted,
                Remedy = offered.Count == 0 ? "Leave out -ChallengeType." : $"Use -ChallengeType {string.Join(" or ", offered)}, or leave it out.",
            };
        }

        RefuseUnclearEnd(request);
        CertificateSigningRequest? storedCsr = request.CsrName is null ? null : Lookup.Csr(session, request.CsrName);
        byte[]? csrBytes = storedCsr?.RawData ?? request.Csr;
        CertificateRequestContent? csr = csrBytes is null ? null : ports.Requests.Read(csrBytes, storedCsr is null ? request.CsrSource : $"request '{storedCsr.Name}'");
        IReadOnlyList<DomainName> names = Names(WithWww(request, csr), csr);
        KeySource key = ChooseKey(session, request, csr, storedCsr);
        DateTimeOffset now = ports.Clock.UtcNow;
        string name = string.IsNullOrWhiteSpace(request.Name) ? names[0].Ascii : request.Name!.Trim();
        string? lineageId = session.Certificates.FindLineage(name);
        CertificateOrder order = new()
        {
            Id = Identifier.New(),
            Name = name,
            DomainNames = names,
            AccountId = account.Id,
            Account = account.Name,
            Authority = authority.Description.Name,
            Status = OrderStatus.Draft,
            Step = OrderStep.Prepared,
            ChallengeType = request.ChallengeType,
            WebRootPath = request.WebRootPath,
            ListenAddress = request.ListenAddress,
            ChallengeScript = request.ChallengeScript,
            // A renewal is not stopped by a target that is gone: the deployment will say so.
            DeployTargets = renews is null ? DeployAccess.Names(session, request.DeployTargets) : request.DeployTargets,
            DnsAccount = request.DnsAccount is null ? null : DnsAccess.UsableAccount(session, request.DnsAccount).Name,
            Profile = request.Profile,
            PreferredChain = request.PreferredChain,
            KeySpec = key.Spec,
            SignatureAlgorithm = request.SignatureAlgorithm ?? KeyDefaults.HashFor(key.Spec),
            KeyPolicy = key.Policy,
            KeystoreType = request.KeystoreType ?? StoreSettings.GetChoice<KeystoreType>(session.Settings, StoreSettings.DefaultKeystoreType),
            Subject = request.Subject,
            ValidityDays = request.ValidityDays,
            NotAfter = request.NotAfter,
            AutoRenew = request.AutoRenew,
            DaysBeforeExpiry = request.DaysBeforeExpiry,
            AcceptsCharges = request.AcceptCharges,
            PrivateKeyId = key.StoredKeyId,
            CsrId = storedCsr?.Id,
            Csr = csr?.Der,
            LineageId = lineageId,
            Labels = LabelRules.Apply(Known(session, lineageId, renews), request.Labels),
            RenewsCertificateId = renews?.CertificateId,
            RenewalNumber = renews is null ? 0 : renews.RenewalNumber + 1,
            CreatedAt = now,
            UpdatedAt = now,
        };
        if (!isReissue && renews?.CertificateId is string renewed && authority is not IReissueAbility && session.Certificates.Find(renewed) is Certificate before
            && ReissueCertificate.IsWithinTerm(renews, before, now))
        {
            // Another order under the subscription that is paid for; it ends when that does.
            request = request with { ValidityMonths = Rest(renews, now) };
            order = order with { PaidUntil = renews.PaidUntil };
        }

        (order, Product? product, Charge? charge) = PlanDetails.Add(session, ports.Authorities, authority, account, request, order, renews, reporter);
        if (isReissue)
        {
            order = order with { ReissuesOrderId = renews!.Id, AuthorityOrderId = renews.AuthorityOrderId, PaidUntil = renews.PaidUntil }; // a reissue has an original
            charge = product is null ? null : ReissueCertificate.ChargeFor(product, renews, order);
        }

        authority.Check(Lookup.Context(ports.Store, account, reporter), order);
        foreach (IOrderCheck solver in ports.Solvers.OfType<IOrderCheck>())
        {
            solver.Check(order);
        }

        return new OrderPlan(request, order, key.NeedsNewKey, product, charge);
    }

    /// <summary>What is written on the entry already.</summary>
    private static Labels Known(IStoreSession session, string? lineageId, CertificateOrder? renews) =>
        lineageId is null ? renews?.Labels ?? Labels.None : session.Labels.OfEntry(lineageId);

    /// <summary>The shortest term, in whole years, that covers what is left of a subscription.</summary>
    private static int Rest(CertificateOrder order, DateTimeOffset now)
    {
        int months = order.ValidityMonths ?? 12;
        while (months > 12 && now.AddMonths(months - 12) >= order.PaidUntil)
        {
            months -= 12;
        }

        return months;
    }

    private static OrderRequest WithWww(OrderRequest request, CertificateRequestContent? csr)
    {
        if (!request.IncludeWww)
        {
            return request;
        }

        IReadOnlyList<DomainName> names = request.DomainNames.Count > 0 ? request.DomainNames : csr?.DomainNames ?? [];
        if (names.Count == 0)
        {
            return request; // refused in a moment, for having no name
        }

        DomainName first = names[0];
        if (first.IsWildcard || first.Kind == DomainNameKind.IpAddress)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"-IncludeWww is for a plain name, and '{first}' is none.") { Target = first.Ascii, Remedy = "Leave it out." };
        }

        DomainName twin = DomainName.Parse(first.Ascii.StartsWith("www.", StringComparison.Ordinal) ? first.Ascii.Substring(4) : "www." + first.Ascii);
        return request with { DomainNames = [.. names, .. names.Contains(twin) ? Array.Empty<DomainName>() : [twin]] };
    }

    private void RefuseUnclearEnd(OrderRequest request)
    {
        if (request.NotAfter is not null && request.ValidityDays is not null)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, "-ValidityDays and -NotAfter both say when the certificate is to end.") { Target = request.NotAfter, Remedy = "Use one of them." };
        }

        if (request.NotAfter <= ports.Clock.UtcNow)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"A certificate cannot end in the past: -NotAfter {request.NotAfter:yyyy-MM-dd HH:mm zzz}.")
            {
                Target = request.NotAfter,
                Remedy = "Name a day to come, such as (Get-Date).AddDays(30).",
            };
        }
    }

    private static IReadOnlyList<DomainName> Names(OrderRequest request, CertificateRequestContent? csr)
    {
        List<DomainName> names = [.. request.DomainNames.Distinct()];
        if (csr is null)
        {
            return names.Count > 0 ? names : throw new InvalidRequestException(ErrorIds.InvalidDomainName, "No domain name is given.")
            {
                Remedy = "Name at least one with -DomainName.",
            };
        }

        if (names.Count == 0)
        {
            return csr.DomainNames.Count > 0 ? csr.DomainNames : throw new KeyMaterialException(ErrorIds.CsrMismatch, $"The certificate request of {request.CsrSource} holds no domain name.")
            {
                Target = request.CsrSource,
                Remedy = "Make a request with subject alternative names, for example with New-KmCsr.",
            };
        }

        List<DomainName> missing = names.Except(csr.DomainNames).ToList();
        List<DomainName> extra = csr.DomainNames.Except(names).ToList();
        if (missing.Count == 0 && extra.Count == 0)
        {
            return names;
        }

        StringBuilder text = new("The certificate request does not fit -DomainName:");
        if (missing.Count > 0)
        {
            text.Append(" it lacks ").Append(string.Join(", ", missing)).Append(';');
        }

        if (extra.Count > 0)
        {
            text.Append(" it also asks for ").Append(string.Join(", ", extra)).Append(';');
        }

        text[text.Length - 1] = '.';
        throw new KeyMaterialException(ErrorIds.CsrMismatch, text.ToString())
        {
            Target = names[0].Ascii,
            Remedy = "Leave out -DomainName to take the names of the request, or make a request with the right names.",
        };
    }

    private KeySource ChooseKey(IStoreSession session, OrderRequest request, CertificateRequestContent? csr, CertificateSigningRequest? storedCsr)
    {
        bool hasOwnKey = request.ImportedKey is not null || request.PrivateKey is not null;
        RenewalKeyPolicy policy = request.KeyPolicy ?? new RenewalKeyPolicy(
            hasOwnKey ? KeyOnRenewal.Import : csr is not null ? KeyOnRenewal.Same : KeyOnRenewal.New);
        if (policy.RotateEvery > 0 && policy.OnRenewal != KeyOnRenewal.Same)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, "-RotateKeyEvery says after how many renewals a kept key is replaced; that needs a key that is kept.")
            {
                Remedy = "Use it with -KeyOnRenewal Same.",
            };
        }

        if (csr is not null)
        {
            if (hasOwnKey)
            {
                throw new InvalidRequestException(ErrorIds.InvalidParameter, "A certificate request holds its key already; another key cannot be used with it.")
                {
                    Remedy = "Give either a request or a private key.",
                };
            }

            string? keyId = storedCsr?.PrivateKeyId ?? session.PrivateKeys.FindByPublicKeyHash(KeyVault.HashOf(csr.SubjectPublicKeyInfo))?.Id;
            if (keyId is null && (policy.OnRenewal != KeyOnRenewal.Same || policy.RotateEvery > 0))
            {
                throw new InvalidRequestException(ErrorIds.InvalidParameter, "The key of the given request is not stored here, so a renewal can only use the same request again.")
                {
                    Remedy = "Use -KeyOnRenewal Same without -RotateKeyEvery, or import the key with Import-KmPrivateKey.",
                };
            }

            return new KeySource(csr.KeySpec, policy, keyId, false);
        }

        if (request.ImportedKey is KeyPair own)
        {
            return new KeySource(own.Spec, policy, session.PrivateKeys.FindByPublicKeyHash(KeyVault.HashOf(own.SubjectPublicKeyInfo))?.Id, false);
        }

        if (request.PrivateKey is not null)
        {
            PrivateKeyInfo stored = Lookup.PrivateKey(session, request.PrivateKey);
            return new KeySource(stored.KeySpec, policy, stored.Id, false);
        }

        if (policy.OnRenewal == KeyOnRenewal.Import)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, "-KeyOnRenewal Import needs the key to import.")
            {
                Remedy = "Give it with -PrivateKeyPath, or name a stored one with -PrivateKey.",
            };
        }

        return new KeySource(KeyDefaults.Choose(session.Settings, request.KeyAlgorithm, request.KeyLength), policy, null, true);
    }

    private sealed record KeySource(KeySpec Spec, RenewalKeyPolicy Policy, string? StoredKeyId, bool NeedsNewKey);
}
