using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>
/// Places a certificate order. The order, its key and its request are stored before anything is sent; a process killed in between leaves an
/// order that the same request, or Invoke-KmChallenge, takes up again instead of ordering twice.
/// </summary>
public sealed class PlaceOrder(KeyManagerPorts ports)
{
    private readonly OrderJournal _journal = new(ports);

    /// <summary>Checks the request and says what would be ordered; changes nothing.</summary>
    public CertificateOrder Plan(OrderRequest request, IReporter reporter) => ports.Store.Read(session => Prepare(session, request, null, reporter).Order);

    /// <summary>Places the order, or takes up the same order where an earlier command was interrupted.</summary>
    public Task<CertificateOrder> RunAsync(OrderRequest request, IReporter reporter, CancellationToken cancellationToken) =>
        RunAsync(request, null, reporter, cancellationToken);

    internal async Task<CertificateOrder> RunAsync(
        OrderRequest request, CertificateOrder? renews, IReporter reporter, CancellationToken cancellationToken)
    {
        Prepared prepared = ports.Store.Read(session => Prepare(session, request, renews, reporter));
        CertificateOrder? order = ports.Store.Read(session => FindOpen(session, prepared.Order, request));
        if (order is null)
        {
            // Making an RSA key takes seconds: outside of the transaction.
            using KeyPair? made = prepared.NeedsNewKey ? ports.Keys.Generate(prepared.Order.KeySpec) : null;
            order = Store(prepared, request, made);
        }

        if (order.Id != prepared.Order.Id)
        {
            reporter.Warn($"The same order is open already: going on with {order} in state {order.Status}. Use -Force to place another one.");
        }

        using Lease lease = Lease.OnOrder(ports.Store, order);

        // Again, now that nobody else works on it: another command may have placed it meanwhile.
        order = ports.Store.Read(session => Lookup.Order(session, order.Id));
        return await ContinueAsync(order, reporter, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Brings a stored draft to the authority. The caller holds the lease on it.</summary>
    internal async Task<CertificateOrder> ContinueAsync(CertificateOrder order, IReporter reporter, CancellationToken cancellationToken)
    {
        if (order.Status != OrderStatus.Draft)
        {
            return order;
        }

        ICertificateAuthority authority = ports.Authorities.Get(order.Authority);
        AuthorityAccount account = ports.Store.Read(session => Lookup.UsableAccount(session, order.AccountId));
        AuthorityContext context = Lookup.Context(ports.Store, account, reporter);
        AuthorityOrder? answer = null;
        if (order.Step == OrderStep.Placing)
        {
            if (authority is not IOrderLookupAbility lookup)
            {
                throw new ConflictException(ConflictKind.State, ErrorIds.OrderStateInvalid,
                    $"Whether {authority.Description.Title} has received order {order} is not known, and it cannot be asked.")
                {
                    Target = order.Id,
                    Remedy = "Look into the authority's portal; then either Import-KmCertificateOrder, or Remove-KmCertificateOrder and order again.",
                };
            }

            reporter.Verbose($"Asking {authority.Description.Title} whether it has order {order}, as an earlier attempt was interrupted.");
            answer = await lookup.FindAsync(context, order, cancellationToken).ConfigureAwait(false);
        }

        if (answer is null)
        {
            order = _journal.Save(order with { Step = OrderStep.Placing });
            try
            {
                answer = await authority.PlaceAsync(context, order, cancellationToken).ConfigureAwait(false);
            }
            catch (KeyManagerException e) when (e is AuthorityException or InvalidRequestException or CredentialException)
            {
                // A clear no: nothing is open at the authority.
                _journal.Fail(order, OrderStatus.Rejected, e.ErrorId, e.Message);
                throw;
            }
            catch (RateLimitException)
            {
                // Not now: nothing is open at the authority, and the order can be placed later.
                _journal.Save(order with { Step = OrderStep.Prepared });
                throw;
            }
        }

        return _journal.Accept(order with { Step = OrderStep.Placed }, answer, "OrderPlaced");
    }

    private CertificateOrder? FindOpen(IStoreSession session, CertificateOrder wanted, OrderRequest request)
    {
        if (request.Force)
        {
            return null;
        }

        string? keyId = wanted.PrivateKeyId
            ?? (request.ImportedKey is KeyPair own ? session.PrivateKeys.FindByPublicKeyHash(KeyVault.HashOf(own.SubjectPublicKeyInfo))?.Id : null);
        if (request.ImportedKey is not null && keyId is null)
        {
            // A key that was never stored here cannot belong to an open order.
            return null;
        }

        OrderQuery query = new() { DomainName = wanted.DomainNames[0].Ascii, AccountId = wanted.AccountId };
        return session.Orders.Query(query, null, 1000).Items
            .FirstOrDefault(o => o.IsOpen && IsSame(o, wanted, keyId) && !Lookup.HasRunOut(session, o, ports.Clock.UtcNow));
    }

    private static bool IsSame(CertificateOrder open, CertificateOrder wanted, string? keyId) =>
        string.Equals(open.Name, wanted.Name, StringComparison.OrdinalIgnoreCase)
        && open.DomainNames.SequenceEqual(wanted.DomainNames)
        && open.KeySpec == wanted.KeySpec
        && open.KeyPolicy == wanted.KeyPolicy
        && open.ChallengeType == wanted.ChallengeType
        && open.ValidityDays == wanted.ValidityDays
        && open.RenewsCertificateId == wanted.RenewsCertificateId
        && (wanted.Csr is null || (open.Csr is not null && open.Csr.SequenceEqual(wanted.Csr)))
        && (keyId is null || open.PrivateKeyId == keyId);

    private Prepared Prepare(IStoreSession session, OrderRequest request, CertificateOrder? renews, IReporter reporter)
    {
        AuthorityAccount account = Lookup.UsableAccount(session, request.Account);
        ICertificateAuthority authority = ports.Authorities.Get(account.Authority);
        if (authority.Description.RetiredSince is DateTimeOffset retired)
        {
            throw new InvalidRequestException(ErrorIds.AuthorityRetired, $"{authority.Description.Title} has issued no certificates since {retired:yyyy-MM-dd}.")
            {
                Target = account.Authority,
                Remedy = "Use an account with another authority; see Get-KmAuthority.",
            };
        }

        CertificateSigningRequest? storedCsr = request.CsrName is null ? null : Lookup.Csr(session, request.CsrName);
        byte[]? csrBytes = storedCsr?.RawData ?? request.Csr;
        CertificateRequestContent? csr = csrBytes is null ? null : ports.Requests.Read(csrBytes, storedCsr is null ? request.CsrSource : $"request '{storedCsr.Name}'");
        IReadOnlyList<DomainName> names = Names(request, csr);
        KeySource key = ChooseKey(session, request, csr, storedCsr);
        DateTimeOffset now = ports.Clock.UtcNow;
        string name = string.IsNullOrWhiteSpace(request.Name) ? names[0].Ascii : request.Name!.Trim();
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
            KeySpec = key.Spec,
            SignatureAlgorithm = request.SignatureAlgorithm ?? HashFor(key.Spec),
            KeyPolicy = key.Policy,
            KeystoreType = request.KeystoreType ?? StoreSettings.GetChoice<KeystoreType>(session.Settings, StoreSettings.DefaultKeystoreType),
            Subject = request.Subject,
            ValidityDays = request.ValidityDays,
            PrivateKeyId = key.StoredKeyId,
            CsrId = storedCsr?.Id,
            Csr = csr?.Der,
            LineageId = session.Certificates.FindLineage(name),
            RenewsCertificateId = renews?.CertificateId,
            RenewalNumber = renews is null ? 0 : renews.RenewalNumber + 1,
            CreatedAt = now,
            UpdatedAt = now,
        };
        authority.Check(Lookup.Context(ports.Store, account, reporter), order);
        return new Prepared(order, key.NeedsNewKey);
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

        KeyAlgorithm algorithm = request.KeyAlgorithm ?? StoreSettings.GetChoice<KeyAlgorithm>(session.Settings, StoreSettings.DefaultKeyAlgorithm);
        int defaultLength = request.KeyAlgorithm is null ? StoreSettings.GetNumber(session.Settings, StoreSettings.DefaultKeyLength) : 0;
        return new KeySource(KeySpec.Create(algorithm, request.KeyLength ?? (defaultLength == 0 ? null : defaultLength)), policy, null, true);
    }

    private static SignatureHash HashFor(KeySpec spec) => spec switch
    {
        { Algorithm: KeyAlgorithm.Ecdsa, Length: 384 } => SignatureHash.SHA384,
        { Algorithm: KeyAlgorithm.Ecdsa, Length: 521 } => SignatureHash.SHA512,
        _ => SignatureHash.SHA256,
    };

    /// <summary>Stores the order; answers the same order instead when another command has stored it since we looked.</summary>
    private CertificateOrder Store(Prepared prepared, OrderRequest request, KeyPair? made) => ports.Store.Write(session =>
    {
        if (FindOpen(session, prepared.Order, request) is CertificateOrder same)
        {
            return same;
        }

        CertificateOrder order = prepared.Order;
        if ((made ?? request.ImportedKey) is KeyPair given)
        {
            PrivateKeyInfo info = KeyVault.Add(session, ports.Clock, given, order.Name, made is null ? OrderOrigin.Imported : OrderOrigin.Created);
            order = order with { PrivateKeyId = info.Id, Csr = ports.Requests.Create(given, order.DomainNames, order.Subject, order.SignatureAlgorithm) };
        }
        else if (order.Csr is null)
        {
            using KeyPair stored = Lookup.KeyPair(session, ports.Keys, order.PrivateKeyId!); // ChooseKey: no request and no key given means a stored key
            order = order with { Csr = ports.Requests.Create(stored, order.DomainNames, order.Subject, order.SignatureAlgorithm) };
        }

        if (request.KeystorePassword is not null)
        {
            byte[] password = Encoding.UTF8.GetBytes(request.KeystorePassword);
            session.Secrets.Put(SecretRef.KeystorePassword(order.Id), password);
            Array.Clear(password, 0, password.Length);
        }

        session.Orders.Add(order);
        session.Audit.Append(new AuditEntry("Order", "OrderCreated", order.Id, order.Name, $"{string.Join(", ", order.DomainNames)} from {order.Account}"));
        return order;
    });

    private sealed record Prepared(CertificateOrder Order, bool NeedsNewKey);

    private sealed record KeySource(KeySpec Spec, RenewalKeyPolicy Policy, string? StoredKeyId, bool NeedsNewKey);
}
