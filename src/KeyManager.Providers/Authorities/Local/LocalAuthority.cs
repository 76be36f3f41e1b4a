using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Files;
using KeyManager.Authorities;
using KeyManager.Challenges;
using KeyManager.Dns;
using KeyManager.Providers.Challenges;
using KeyManager.Providers.Keys;
using KeyManager.Storage;

namespace KeyManager.Providers.Authorities.Local;

/// <summary>
/// The built-in private authority: each account is a root with issuing authorities below it. It works without any network and stands behind the
/// same port as every other authority. Revocation lists go into <paramref name="crlFolder"/> unless the account says otherwise. The root signs only issuing authorities; these sign the certificates and the revocation lists.
/// </summary>
public sealed class LocalAuthority(
    IStore store, Clock clock, IKeyTools keys, ICertificateRequestTools requests, IValidationProbe probe, IFileWriter files, string crlFolder)
    : ICertificateAuthority, IAccountAbility, IFinalizeAbility, IValidationAbility, IOrderLookupAbility, IRevokeAbility, ICancelAbility,
        ICredentialTestAbility, ITrustAnchorAbility
{
    public const string Name = "Local";

    /// <summary>Certificates start a little in the past, for clients whose clock is behind.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private readonly IssuingAuthorities _issuing = new(store, clock, keys);
    private readonly RevocationLists _lists = new(store, clock, files, crlFolder);

    /// <summary>What it is, also for callers without a store.</summary>
    public static AuthorityDescription About { get; } = new()
    {
        Name = Name,
        Title = "Built-in private authority",
        Kind = "Local",
        Abilities = ["Wildcard", "IpAddress", "InternalName", "Validity", "Revoke", "Cancel", "Offline"],
        IsBuiltIn = true,
        ChallengeTypes = [ChallengeType.Http01, ChallengeType.Dns01],
        Settings = LocalSettings.All,
    };

    public AuthorityDescription Description => About;

    public AccountRegistration Prepare(AccountRequest request)
    {
        LocalSettings settings = new(request.Settings);
        Check(settings);
        RevocationLists.MakeFolder(settings);
        DateTimeOffset now = clock.UtcNow;
        using KeyPair rootKey = keys.Generate(settings.KeySpec);
        using KeyPair issuingKey = keys.Generate(settings.KeySpec);
        DateTimeOffset rootEnd = now.AddYears(settings.RootYears);
        byte[] root = CertificateBuilder.BuildRoot($"{request.Name} Root CA", settings.Organization, rootKey, now - ClockSkew, rootEnd);
        LocalData data = new() { Root = root };
        data.Issuing.Add(IssuingAuthorities.Build(request.Name, settings, 1, issuingKey, root, rootKey.Pkcs8, now - ClockSkew, now, rootEnd));
        return new AccountRegistration
        {
            AuthorityAccountId = request.Id,
            AuthorityData = data.ToJson(),
            Settings = request.Settings,
            // Copies: the key pairs overwrite theirs when they are disposed.
            Secrets = new Dictionary<string, byte[]> { [LocalData.RootKey] = (byte[])rootKey.Pkcs8.Clone(), [data.Current.KeyName] = (byte[])issuingKey.Pkcs8.Clone() },
        };
    }

    public Task<AuthorityAccount> RegisterAsync(AuthorityContext context, AccountRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(context.Account);

    public Task<AuthorityAccount> UpdateAsync(AuthorityContext context, AuthorityAccount changed, CancellationToken cancellationToken)
    {
        LocalSettings settings = new(changed.Settings);
        Check(settings);
        RevocationLists.MakeFolder(settings);
        return Task.FromResult(changed);
    }

    public Task DeactivateAsync(AuthorityContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<string> TestAsync(AuthorityContext context, CancellationToken cancellationToken)
    {
        LocalData data = LocalData.Of(context.Account);
        foreach (string name in data.Issuing.Select(i => i.KeyName).Concat([LocalData.RootKey]))
        {
            byte[] key = context.GetSecret(name) ?? throw new KeyMaterialException(ErrorIds.PrivateKeyNotFound, $"The key '{name}' of the account {context.Account} is missing.")
            {
                Target = context.Account.Name,
                Remedy = "Restore the store from a backup.",
            };
            Array.Clear(key, 0, key.Length);
        }

        _lists.Write(context, data);
        return Task.FromResult(string.Format(
            CultureInfo.InvariantCulture, "The root and its issuing authorities ({0}) are here with their keys; the newest is good until {1:yyyy-MM-dd}.", data.Issuing.Count, data.Current.NotAfter));
    }

    public IReadOnlyList<byte[]> GetCertificates(AuthorityContext context)
    {
        LocalData data = LocalData.Of(context.Account);
        return [data.Root, .. Enumerable.Reverse(data.Issuing).Select(i => i.Certificate)];
    }

    public void Check(AuthorityContext context, CertificateOrder order)
    {
        LocalSettings settings = LocalSettings.Of(context);
        NameRules rules = new(settings.AllowedNames);
        foreach (DomainName refused in order.DomainNames.Where(n => !rules.Allows(n)))
        {
            throw new InvalidRequestException(ErrorIds.NameNotAllowed, $"The account {context.Account.Name} does not issue for '{refused}'.")
            {
                Target = refused.Ascii,
                Remedy = $"Its setting AllowedNames is '{settings.AllowedNames}'; change it with Set-KmAccount {context.Account.Name} -Setting @{{ AllowedNames = '...' }}.",
            };
        }

        if (order.NotAfter > clock.UtcNow.AddDays(settings.MaxValidityDays))
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, string.Format(CultureInfo.InvariantCulture, "The account {0} issues for at most {1} days, not until {2:yyyy-MM-dd}.", context.Account.Name, settings.MaxValidityDays, order.NotAfter))
            {
                Target = order.NotAfter,
                Remedy = "Ask for less with -NotAfter, or raise the account's setting MaxValidityDays.",
            };
        }

        if (order.ValidityDays is int days && (days < 1 || days > settings.MaxValidityDays))
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, string.Format(CultureInfo.InvariantCulture, "The account {0} issues for 1 to {1} days, not for {2}.", context.Account.Name, settings.MaxValidityDays, days))
            {
                Target = days,
                Remedy = "Ask for less with -ValidityDays, or raise the account's setting MaxValidityDays.",
            };
        }

        IReadOnlyList<ChallengeType> types = settings.Validation;
        if (types.Count == 0)
        {
            // Whoever names a type expects a check. A renewal only repeats what was asked for while there was one, and must not stop for it.
            if (order.ChallengeType is ChallengeType useless && order.RenewsCertificateId is null)
            {
                throw new InvalidRequestException(ErrorIds.AuthorityCannot, $"The account {context.Account.Name} asks for no proof, so it does not check {useless}: its setting Validation is None.")
                {
                    Target = useless,
                    Remedy = $"Leave out -ChallengeType, or have names checked: Set-KmAccount {context.Account.Name} -Setting @{{ Validation = 'Any' }}.",
                };
            }

            return;
        }

        if (order.ChallengeType is ChallengeType wanted && !types.Contains(wanted))
        {
            throw new InvalidRequestException(ErrorIds.AuthorityCannot, $"The account {context.Account.Name} does not check {wanted}.")
            {
                Target = wanted,
                Remedy = $"Use -ChallengeType {string.Join(" or ", types)}.",
            };
        }

        foreach (DomainName name in order.DomainNames)
        {
            if (TypesFor(name, types).Count == 0)
            {
                throw new InvalidRequestException(ErrorIds.AuthorityCannot, $"Control of '{name}' cannot be proved by {string.Join(" or ", types)}.")
                {
                    Target = name.Ascii,
                    Remedy = name.IsWildcard ? "A wildcard needs dns-01: the account's setting Validation would have to be Dns01 or Any." : "An address needs http-01: the account's setting Validation would have to be Http01 or Any.",
                };
            }
        }
    }

    public Task<AuthorityOrder> PlaceAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken)
    {
        IReadOnlyList<ChallengeType> types = LocalSettings.Of(context).Validation;
        List<Challenge> challenges = [.. order.DomainNames.SelectMany((name, index) =>
            TypesFor(name, types).Select(type => NewChallenge(order, name, index, type)))];
        return Task.FromResult(Answer(order with { Challenges = challenges }));
    }

    public Task<AuthorityOrder> GetAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken) =>
        Task.FromResult(Issued(context, order) is null ? Answer(order) : Answer(order, OrderStatus.Available, "valid"));

    public Task<AuthorityOrder?> FindAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken) =>
        Task.FromResult(Issued(context, order) is null ? null : Answer(order, OrderStatus.Available, "valid"));

    public async Task<AuthorityOrder> SubmitAsync(
        AuthorityContext context, CertificateOrder order, IReadOnlyList<Challenge> challenges, CancellationToken cancellationToken)
    {
        LocalSettings settings = LocalSettings.Of(context);
        Challenge[] looked = await Task.WhenAll(challenges.Select(c => LookAsync(settings, c, cancellationToken))).ConfigureAwait(false);
        return Answer(order with { Challenges = [.. order.Challenges.Select(c => looked.FirstOrDefault(l => l.Id == c.Id) ?? c)] });
    }

    public Task<AuthorityOrder> FinalizeAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken)
    {
        if (Issued(context, order) is null)
        {
            if (Answer(order).Status != OrderStatus.Processing)
            {
                throw new AuthorityException(ErrorIds.AuthorityRejected, $"Control of the names of order {order} is not proved; {context.Account.Name} does not issue it.")
                {
                    Target = order.Id,
                    Remedy = "Prove it with Invoke-KmChallenge.",
                };
            }

            Issue(context, order);
        }

        return Task.FromResult(Answer(order, OrderStatus.Available, "valid"));
    }

    public Task<IssuedCertificate> DownloadAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken)
    {
        IssuedRecord record = Issued(context, order)
            ?? throw new AuthorityException(ErrorIds.OrderFailed, $"The private authority {context.Account.Name} has issued nothing for order {order}.") { Target = order.Id };
        AuthorityAccount account = store.Read(session => session.Accounts.Find(context.Account.Id)) ?? context.Account;
        LocalData data = LocalData.Of(account);
        return Task.FromResult(new IssuedCertificate(record.Der, [.. data.Issuing.Select(i => i.Certificate), data.Root]));
    }

    public Task RevokeAsync(AuthorityContext context, Certificate certificate, RevocationReason reason, string? comment, CancellationToken cancellationToken)
    {
        store.Write(session =>
        {
            IssuedRecord record = session.Issued.FindBySerial(context.Account.Id, certificate.SerialNumber)
                ?? throw new AuthorityException(ErrorIds.AuthorityRejected, $"The private authority {context.Account.Name} has not issued {certificate}.") { Target = certificate.Id };
            if (record.RevokedAt is null)
            {
                session.Issued.Update(record with { RevokedAt = clock.UtcNow, Reason = reason });
            }
        });
        _lists.Write(context, LocalData.Of(context.Account));
        return Task.CompletedTask;
    }

    public Task CancelAsync(AuthorityContext context, CertificateOrder order, string? comment, CancellationToken cancellationToken) => Task.CompletedTask;

    private void Issue(AuthorityContext context, CertificateOrder order)
    {
        LocalSettings settings = LocalSettings.Of(context);
        DateTimeOffset now = clock.UtcNow;
        DateTimeOffset notAfter = order.EndWanted(now) ?? now.AddDays(Math.Min(settings.ValidityDays, settings.MaxValidityDays));
        LocalData data = _issuing.Ready(context, settings, notAfter);
        CertificateRequestContent request = requests.ReadStored(order.Csr!, $"order {order}"); // PlaceOrder stores the request before it places
        byte[] issuerKey = context.GetSecret(data.Current.KeyName)
            ?? throw new KeyMaterialException(ErrorIds.PrivateKeyNotFound, $"The issuing key of the account {context.Account} is missing.") { Target = context.Account.Name };
        try
        {
            string? crlUrl = settings.CrlUrl is string url ? url.TrimEnd('/') + "/" + RevocationLists.FileName(context.Account, data.Current) : null;
            byte[] der = CertificateBuilder.BuildLeaf(
                order, request.SubjectPublicKeyInfo, data.Current.Certificate, issuerKey, settings.KeySpec, now - ClockSkew, notAfter, crlUrl, out string serial);
            IssuedRecord record = new() { AccountId = context.Account.Id, SerialNumber = serial, OrderId = order.Id, NotAfter = notAfter, Der = der };
            store.Write(session => session.Issued.Add(record), Durability.Deferred); // it is handed out with a later change only
        }
        finally
        {
            Array.Clear(issuerKey, 0, issuerKey.Length);
        }

        _lists.WriteWhenStale(context, data);
    }

    private IssuedRecord? Issued(AuthorityContext context, CertificateOrder order) => store.Read(session => session.Issued.FindByOrder(context.Account.Id, order.Id));

    private static AuthorityOrder Answer(CertificateOrder order)
    {
        List<IGrouping<string, Challenge>> names = [.. order.Challenges.GroupBy(c => c.Id.Split('/')[0])];
        if (names.All(name => name.Any(c => c.Status == ChallengeStatus.Valid)))
        {
            return Answer(order, OrderStatus.Processing, "ready");
        }

        return order.Challenges.Any(c => c.Status == ChallengeStatus.Invalid)
            ? Answer(order, OrderStatus.Failed, "invalid")
            : Answer(order, OrderStatus.PendingValidation, "pending");
    }

    private static AuthorityOrder Answer(CertificateOrder order, OrderStatus status, string word) =>
        new() { AuthorityOrderId = order.Id, Status = status, AuthorityStatus = word, Challenges = order.Challenges };

    /// <summary>A file cannot prove a wildcard, a record cannot prove an address (RFC 8555 §7.1.3, RFC 8738 §7).</summary>
    private static List<ChallengeType> TypesFor(DomainName name, IReadOnlyList<ChallengeType> types) =>
        [.. types.Where(type => type == ChallengeType.Http01 ? !name.IsWildcard : name.Kind != DomainNameKind.IpAddress)];

    private static Challenge NewChallenge(CertificateOrder order, DomainName name, int index, ChallengeType type)
    {
        string token = Base64Url.Encode(SecureRandomness.Bytes(16));
        string proof = token + "." + Base64Url.Encode(SecureRandomness.Bytes(32));
        DomainName proved = DomainName.Parse(name.BaseName);
        bool file = type == ChallengeType.Http01;
        return new Challenge
        {
            // The part before the slash is the name's: wildcard and plain name of one domain are proved apart.
            Id = string.Format(CultureInfo.InvariantCulture, "{0}/{1}", index + 1, type),
            OrderId = order.Id,
            DomainName = proved,
            Type = type,
            Token = file ? token : "",
            Location = file ? ProofText.FileUrl(name, token) : ProofText.RecordName(name.BaseName),
            Value = file ? proof : ProofText.RecordValue(proof),
        };
    }

    private async Task<Challenge> LookAsync(LocalSettings settings, Challenge challenge, CancellationToken cancellationToken)
    {
        string? problem;
        try
        {
            problem = challenge.Type == ChallengeType.Http01
                ? await CheckFileAsync(settings, challenge, cancellationToken).ConfigureAwait(false)
                : await CheckRecordAsync(settings, challenge, cancellationToken).ConfigureAwait(false);
        }
        catch (ChallengeException e)
        {
            problem = e.Message;
        }

        return challenge with { Status = problem is null ? ChallengeStatus.Valid : ChallengeStatus.Invalid, ErrorDetail = problem };
    }

    private async Task<string?> CheckFileAsync(LocalSettings settings, Challenge challenge, CancellationToken cancellationToken)
    {
        string found = await probe.GetFileAsync(new Uri(challenge.Location!), settings.ValidationAddress, cancellationToken).ConfigureAwait(false);
        return found == challenge.Value ? null : $"{challenge.Location} holds '{Shorten(found)}' instead of the value of the challenge.";
    }

    private async Task<string?> CheckRecordAsync(LocalSettings settings, Challenge challenge, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> found = await probe.GetRecordsAsync(challenge.Location!, DnsRecordType.Txt, settings.ValidationResolver, cancellationToken).ConfigureAwait(false);
        return found.Contains(challenge.Value!)
            ? null
            : found.Count == 0
                ? $"There is no TXT record at {challenge.Location}."
                : $"The TXT records at {challenge.Location} hold {string.Join(", ", found.Select(f => $"'{Shorten(f)}'"))}, none of them the value of the challenge.";
    }

    private static void Check(LocalSettings settings)
    {
        _ = new NameRules(settings.AllowedNames);
        _ = settings.KeySpec;
        if (settings.CrlUrl is string url && !(Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed) && parsed.Scheme is "http" or "https"))
        {
            throw new InvalidRequestException(ErrorIds.InvalidSetting, $"The setting CrlUrl cannot be '{url}'.") { Target = "CrlUrl", Remedy = "It is the http URL of a folder." };
        }
    }

    private static string Shorten(string text) => text.Length > 100 ? text.Substring(0, 97) + "..." : text;
}
