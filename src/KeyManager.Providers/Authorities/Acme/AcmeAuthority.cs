using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Providers.Authorities.Acme.Protocol;
using KeyManager.Providers.Challenges;
using KeyManager.Storage;

namespace KeyManager.Providers.Authorities.Acme;

/// <summary>Any authority that speaks ACME (RFC 8555), described by a preset.</summary>
internal sealed class AcmeAuthority : ICertificateAuthority, IAccountAbility, IAccountKeyAbility, ICredentialTestAbility, IFinalizeAbility, IValidationAbility,
    IOrderLookupAbility, IRevokeAbility, ICancelAbility, IRenewalInfoAbility, ICaaAbility, IRecordAbility
{
    private readonly AcmePreset _preset;
    private readonly AcmeConnections _connections;
    private readonly AcmeAccounts _accounts;
    private readonly AcmeOrders _orders;
    private readonly IStore _store;

    public AcmeAuthority(AcmePreset preset, AcmeSessions sessions, IStore store, Clock clock, IKeyTools keys, ICertificateTools certificates)
    {
        _preset = preset;
        _store = store;
        _connections = new AcmeConnections(preset, sessions, store, clock);
        _accounts = new AcmeAccounts(preset, _connections, keys);
        _orders = new AcmeOrders(_connections, store, certificates, clock);
        Description = preset.Describe();
    }

    public AuthorityDescription Description { get; }

    public string KeySecret => AcmeConnections.KeySecret;

    public void Check(AuthorityContext context, CertificateOrder order)
    {
        AcmeSettings settings = AcmeSettings.Of(context.Account);
        _preset.RefuseRetired(settings);
        if (order.KeySpec.Algorithm == KeyAlgorithm.Ed25519)
        {
            throw Cannot(settings, "signs no Ed25519 keys, as no public authority does", order.KeySpec, "Use -KeyAlgorithm Ecdsa or Rsa.");
        }

        if (_preset.KeyTypes.Count > 0 && !_preset.KeyTypes.Contains(order.KeySpec.ToString()))
        {
            throw Cannot(settings, $"certifies no {order.KeySpec} keys", order.KeySpec, $"It takes {string.Join(", ", _preset.KeyTypes)}: -KeyAlgorithm and -KeyLength.");
        }

        if (_preset.MaxNames is int most && order.DomainNames.Count > most)
        {
            throw Cannot(settings, $"takes at most {most} names in one certificate, not {order.DomainNames.Count}", order.DomainNames.Count, "Order several certificates.");
        }

        if ((order.NotAfter as object ?? order.ValidityDays) is object end && _preset.TakesValidity == false)
        {
            throw Cannot(settings, "decides itself how long a certificate lives", end, "Leave out -ValidityDays and -NotAfter. Some authorities have profiles with other lives: -Profile.");
        }

        foreach (DomainName name in order.DomainNames)
        {
            CheckName(settings, name, order.ChallengeType);
        }
    }

    public AccountRegistration Prepare(AccountRequest request) => _accounts.Prepare(request);

    public Task<AuthorityAccount> RegisterAsync(AuthorityContext context, AccountRequest request, CancellationToken cancellationToken) =>
        AcmeConnections.ExplainAsync(() => _accounts.RegisterAsync(context, request, cancellationToken));

    public Task<AuthorityAccount> UpdateAsync(AuthorityContext context, AuthorityAccount changed, CancellationToken cancellationToken) =>
        AcmeConnections.ExplainAsync(() => _accounts.UpdateAsync(context, changed, cancellationToken));

    public Task DeactivateAsync(AuthorityContext context, CancellationToken cancellationToken) =>
        AcmeConnections.ExplainAsync(() => _accounts.DeactivateAsync(context, cancellationToken));

    public Task<string> TestAsync(AuthorityContext context, CancellationToken cancellationToken) =>
        AcmeConnections.ExplainAsync(() => _accounts.TestAsync(context, cancellationToken));

    public byte[] MakeKey(AuthorityContext context) => _accounts.MakeKey(context);

    public Task<AuthorityAccount> ChangeKeyAsync(AuthorityContext context, byte[] newKey, CancellationToken cancellationToken) =>
        AcmeConnections.ExplainAsync(() => _accounts.ChangeKeyAsync(context, newKey, cancellationToken));

    public Task<bool> IsKnownAsync(AuthorityContext context, byte[] key, CancellationToken cancellationToken) =>
        AcmeConnections.ExplainAsync(() => _accounts.IsKnownAsync(context, key, cancellationToken));

    public byte[] ReadKey(byte[] data, string? password, string source) => _accounts.ReadKey(data, password, source);

    public byte[] WriteKey(byte[] key, AccountKeyFormat format, string? password) => _accounts.WriteKey(key, format, password);

    public Task<AuthorityOrder> PlaceAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken) =>
        AcmeConnections.ExplainAsync(() => _orders.PlaceAsync(context, order, cancellationToken));

    public Task<AuthorityOrder> GetAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken) =>
        AcmeConnections.ExplainAsync(() => _orders.GetAsync(context, order, cancellationToken));

    public Task<AuthorityOrder> SubmitAsync(AuthorityContext context, CertificateOrder order, IReadOnlyList<Challenge> challenges, CancellationToken cancellationToken) =>
        AcmeConnections.ExplainAsync(() => _orders.SubmitAsync(context, order, challenges, cancellationToken));

    public Task<AuthorityOrder> FinalizeAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken) =>
        AcmeConnections.ExplainAsync(() => _orders.FinalizeAsync(context, order, cancellationToken));

    public Task<IssuedCertificate> DownloadAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken) =>
        AcmeConnections.ExplainAsync(() => _orders.DownloadAsync(context, order, cancellationToken));

    public Task<AuthorityOrder?> FindAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken) =>
        AcmeConnections.ExplainAsync(() => _orders.FindAsync(context, order, cancellationToken));

    public Task CancelAsync(AuthorityContext context, CertificateOrder order, string? comment, CancellationToken cancellationToken) =>
        AcmeConnections.ExplainAsync(() => _orders.CancelAsync(context, order, cancellationToken));

    public Task RevokeAsync(AuthorityContext context, Certificate certificate, RevocationReason reason, string? comment, CancellationToken cancellationToken) =>
        AcmeConnections.ExplainAsync(async () =>
        {
            AcmeClient client = _connections.Open(context);
            Newtonsoft.Json.Linq.JObject request = RevocationRequest.Create(certificate.RawData, reason);
            try
            {
                await client.RevokeAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (AcmeProblemException e) when (e.Type == "alreadyRevoked")
            {
                context.Reporter.Verbose($"{certificate} was revoked already.");
            }
            catch (AcmeProblemException e) when (e.Type == "unauthorized" && KeyOf(certificate) is AccountKey key)
            {
                // Another account ordered it; whoever has its key may revoke it all the same.
                context.Reporter.Verbose($"The account {context.Account} may not revoke {certificate}; revoking with the key of the certificate.");
                await client.RevokeAsync(request, key, cancellationToken).ConfigureAwait(false);
            }
        });

    public Task<RenewalWindow?> GetRenewalWindowAsync(AuthorityContext context, Certificate certificate, CancellationToken cancellationToken) =>
        _preset.IsRetired(AcmeSettings.Of(context.Account))
            ? Task.FromResult<RenewalWindow?>(null)
            : AcmeConnections.ExplainAsync(() => _connections.Open(context).GetRenewalWindowAsync(certificate.RawData, cancellationToken));

    public Task<CaaNames> GetCaaNamesAsync(AuthorityContext context, CancellationToken cancellationToken) => AcmeConnections.ExplainAsync(async () =>
    {
        IReadOnlyList<string> said = !_preset.IsRetired(AcmeSettings.Of(context.Account))
            ? (await _connections.Session(context.Account).GetDirectoryAsync(context.Reporter, cancellationToken).ConfigureAwait(false)).CaaIdentities
            : [];
        return new CaaNames(said.Count > 0 ? said : _preset.CaaIdentities, context.Account.AuthorityAccountId);
    });

    public Task<RecordNames> GetRecordNamesAsync(AuthorityContext context, DomainName name, ChallengeType type, bool isForAnyName, CancellationToken cancellationToken) =>
        AcmeConnections.ExplainAsync(async () =>
        {
            _preset.RefuseRetired(AcmeSettings.Of(context.Account));
            AcmeClient client = _connections.Open(context);
            if (type == ChallengeType.DnsAccount01)
            {
                return new RecordNames(ProofText.AccountRecordName(name.BaseName, client.AccountUrl), [], "");
            }

            PersistScheme scheme = PersistScheme.Of(await client.GetDirectoryAsync(cancellationToken).ConfigureAwait(false), client);
            IReadOnlyList<string> issuers = scheme.Issuers.Count > 0 ? scheme.Issuers : _preset.CaaIdentities;
            return new RecordNames(ProofText.PersistentRecordName(name.BaseName), issuers, scheme.AccountUri(isForAnyName ? "*" : name.BaseName, null));
        });

    private void CheckName(AcmeSettings settings, DomainName name, ChallengeType? type)
    {
        if (name.IsWildcard && !_preset.HasWildcards)
        {
            throw Cannot(settings, $"issues no wildcards such as '{name}'", name.Ascii, "List the names one by one.");
        }

        if (name.Kind == DomainNameKind.IpAddress && !_preset.HasAddresses && _preset.Production is not null)
        {
            throw Cannot(settings, $"issues for no IP addresses such as '{name}'", name.Ascii, "Use an authority that does; see Abilities in Get-KmAuthority.");
        }

        if (name.IsWildcard && type is ChallengeType.Http01 or ChallengeType.TlsAlpn01)
        {
            throw Cannot(settings, $"accepts only a DNS record as proof for a wildcard such as '{name}', not {type}", name.Ascii, "Use -ChallengeType Dns01.");
        }

        if (name.Kind == DomainNameKind.IpAddress && type is ChallengeType.Dns01 or ChallengeType.DnsAccount01 or ChallengeType.DnsPersist01)
        {
            throw Cannot(settings, $"cannot take a DNS record as proof for the address {name}", name.Ascii, "Use -ChallengeType Http01 or TlsAlpn01 (RFC 8738).");
        }
    }

    private InvalidRequestException Cannot(AcmeSettings settings, string what, object target, string remedy) =>
        new(ErrorIds.AuthorityCannot, $"{_preset.TitleOf(settings)} {what}.") { Target = target, Remedy = remedy };

    private AccountKey? KeyOf(Certificate certificate)
    {
        byte[]? pkcs8 = certificate.PrivateKeyId is string id ? _store.Read(session => session.Secrets.Get(SecretRef.PrivateKey(id))) : null;
        return pkcs8 is null ? null : AccountKey.TakePkcs8(pkcs8);
    }
}
