using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Hosting;
using KeyManager.Providers.Authorities.Acme.Protocol;
using KeyManager.Providers.Keys;
using KeyManager.Providers.Networking;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.Acme;

/// <summary>Accounts with an ACME server: made, taken up, changed, given up (RFC 8555 §7.3).</summary>
internal sealed class AcmeAccounts(AcmePreset preset, AcmeConnections connections, IKeyTools keys)
{
    public AccountRegistration Prepare(AccountRequest request)
    {
        AcmeSettings settings = new(request.Settings);
        preset.RefuseRetired(settings);
        _ = connections.DirectoryUrl(settings, request.Environment);
        settings.Check();

        Dictionary<string, byte[]> secrets = [];
        if (request.Secrets.TryGetValue(AcmeConnections.KeySecret, out byte[]? given))
        {
            secrets[AcmeConnections.KeySecret] = (byte[])given.Clone();
        }
        else if (request.IsExisting)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, "An account is taken up by its key, and none is given.") { Remedy = "Name the exported key with -KeyPath." };
        }
        else
        {
            using KeyPair key = keys.Generate(settings.AccountKey);
            secrets[AcmeConnections.KeySecret] = (byte[])key.Pkcs8.Clone();
        }

        if (ReadEab(request, settings) is byte[] eab)
        {
            Array.Clear(eab, 0, eab.Length);
        }

        return new AccountRegistration { Settings = request.Settings, Secrets = secrets };
    }

    public async Task<AuthorityAccount> RegisterAsync(AuthorityContext context, AccountRequest request, CancellationToken cancellationToken)
    {
        AcmeSettings settings = new(request.Settings);
        AcmeSession session = connections.Session(settings, request.Environment);
        DirectoryResource directory = await session.GetDirectoryAsync(context.Reporter, cancellationToken).ConfigureAwait(false);
        if (directory.TermsOfService is string terms && !request.AcceptTermsOfService && !request.IsExisting)
        {
            throw new InvalidRequestException(ErrorIds.TermsOfServiceNotAccepted, $"{preset.TitleOf(settings)} makes an account only for those who accept its terms of service: {terms}")
            {
                Target = terms,
                Remedy = "Read them, then use -AcceptTermsOfService.",
            };
        }

        ExternalAccount? external = request.IsExisting ? null : await FindExternalAccountAsync(request, settings, directory, cancellationToken).ConfigureAwait(false);
        AccountKey key = AcmeConnections.Key(context);
        try
        {
            JObject Payload(Uri url) => AccountResource.Request(
                request.Contact, request.AcceptTermsOfService, request.IsExisting, external is null ? null : JsonWebSignature.Bind(external, key.Jwk, url.AbsoluteUri));
            (AccountResource account, Uri address) = await NewAccountAsync(session, key, Payload, context.Reporter, cancellationToken).ConfigureAwait(false);
            if (account.Status != "valid")
            {
                throw new CredentialException(ErrorIds.AccountDeactivated, $"{preset.TitleOf(settings)} says that the account is {account.Status}. It can never be used again.") { Target = request.Name, Remedy = "Make a new account with New-KmAccount." };
            }

            return context.Account with
            {
                AuthorityAccountId = address.AbsoluteUri,
                AuthorityData = session.Directory?.ToJson(),
                Contact = request.Contact.Count > 0 || !request.IsExisting ? request.Contact : [.. account.Contact.Select(c => c.Replace("mailto:", ""))],
            };
        }
        finally
        {
            if (external is not null)
            {
                Array.Clear(external.Key, 0, external.Key.Length);
            }
        }
    }

    public async Task<AuthorityAccount> UpdateAsync(AuthorityContext context, AuthorityAccount changed, CancellationToken cancellationToken)
    {
        AcmeSettings.Of(changed).Check();
        if (!changed.Contact.SequenceEqual(context.Account.Contact))
        {
            // Servers may keep no contacts at all; then they answer without any, and what the user gave stays known here.
            _ = await connections.Open(context).UpdateAccountAsync(AccountResource.ContactUpdate(changed.Contact), cancellationToken).ConfigureAwait(false);
        }

        // With other roots or another proxy the server may not be the one whose directory is stored.
        bool isElsewhere = changed.Settings.Count != context.Account.Settings.Count || changed.Settings.Except(context.Account.Settings).Any();
        return isElsewhere ? changed with { AuthorityData = null } : changed;
    }

    public Task DeactivateAsync(AuthorityContext context, CancellationToken cancellationToken) =>
        connections.Open(context).UpdateAccountAsync(AccountResource.Deactivation(), cancellationToken);

    public async Task<string> TestAsync(AuthorityContext context, CancellationToken cancellationToken)
    {
        AcmeClient client = connections.Open(context);
        AccountResource account = await client.GetAccountAsync(cancellationToken).ConfigureAwait(false);
        return account.Status == "valid"
            ? $"{client.Authority} knows the account as {client.AccountUrl}; its state there is {account.Status}."
            : throw new CredentialException(ErrorIds.AccountDeactivated, $"{client.Authority} says that the account {context.Account} is {account.Status}.") { Target = context.Account.Name, Remedy = "Make a new account with New-KmAccount." };
    }

    public byte[] MakeKey(AuthorityContext context)
    {
        using KeyPair key = keys.Generate(AcmeSettings.Of(context.Account).AccountKey);
        return (byte[])key.Pkcs8.Clone();
    }

    public async Task<AuthorityAccount> ChangeKeyAsync(AuthorityContext context, byte[] newKey, CancellationToken cancellationToken)
    {
        AcmeClient client = connections.Open(context);
        try
        {
            await client.ChangeKeyAsync(AccountKey.FromPkcs8(newKey), cancellationToken).ConfigureAwait(false);
        }
        catch (AcmeProblemException taken) when (taken.Answer.Status == 409)
        {
            throw new ConflictException(ConflictKind.Exists, ErrorIds.PrivateKeyInUse, $"{client.Authority} knows another account by the new key.") { Target = context.Account.Name, Remedy = "Run the command again; it makes another key." };
        }

        return context.Account;
    }

    public async Task<bool> IsKnownAsync(AuthorityContext context, byte[] key, CancellationToken cancellationToken)
    {
        AcmeSession session = connections.Session(context.Account);
        try
        {
            (_, Uri address) = await NewAccountAsync(
                session, AccountKey.FromPkcs8(key), _ => AccountResource.Request([], false, true, null), context.Reporter, cancellationToken).ConfigureAwait(false);
            return address.AbsoluteUri == context.Account.AuthorityAccountId;
        }
        catch (AcmeProblemException unknown) when (unknown.Type is "accountDoesNotExist" or "unauthorized")
        {
            return false;
        }
    }

    public byte[] ReadKey(byte[] data, string? password, string source)
    {
        if (JsonReading.Parse(data) is not JObject jwk)
        {
            using KeyPair key = keys.Read(data, password, source);
            return (byte[])key.Pkcs8.Clone();
        }

        return UntrustedBytes.Read(source, ErrorIds.PrivateKeyUnreadable, "an account key", "Give the key as PEM or as JSON Web Key.", () => JsonWebKey.ReadPrivate(jwk));
    }

    public byte[] WriteKey(byte[] key, AccountKeyFormat format, string? password)
    {
        if (format == AccountKeyFormat.Jwk)
        {
            return password is null
                ? Encoding.UTF8.GetBytes(JsonWebKey.WritePrivate(key).ToString(Formatting.Indented) + "\n")
                : throw new InvalidRequestException(ErrorIds.InvalidParameter, "A JSON Web Key is written in the clear; a password cannot protect it.") { Remedy = "Use -Format Pem with a password, or leave the password out." };
        }

        using KeyPair pair = keys.FromPkcs8((byte[])key.Clone());
        return keys.ToPem(pair, password);
    }

    private static async Task<(AccountResource Account, Uri Address)> NewAccountAsync(
        AcmeSession session, AccountKey key, Func<Uri, JObject> payload, IReporter reporter, CancellationToken cancellationToken)
    {
        HttpAnswer answer = await session.SendAsync(
            "newAccount",
            d => d.NewAccount,
            url => session.PostAsync(url, payload(url), key, null, true, null, reporter, cancellationToken),
            reporter,
            cancellationToken).ConfigureAwait(false);
        Uri address = JsonReading.ToUrl(answer.First("Location"), answer.Url) ?? throw AcmeErrors.Unreadable(session.Authority, answer.Url, "an account came without its address.");
        return (AccountResource.Read(JsonReading.Parse(answer.Body), address), address);
    }

    /// <summary>The credentials to bind; <c>null</c> where none are given and none are wanted.</summary>
    private async Task<ExternalAccount?> FindExternalAccountAsync(AccountRequest request, AcmeSettings settings, DirectoryResource directory, CancellationToken cancellationToken)
    {
        if (ReadEab(request, settings) is byte[] given)
        {
            return new ExternalAccount(settings.EabKeyId!, given, settings.EabAlgorithm); // ReadEab gives a key only together with its id
        }

        if (!directory.ExternalAccountRequired)
        {
            return null;
        }

        if (preset.ExternalAccountByMail is string url && settings.DirectoryUrl is null && request.Contact.Count > 0)
        {
            using HttpChannel channel = connections.Channel(settings);
            return await ExternalAccountByMail.GetAsync(preset.TitleOf(settings), channel, new Uri(url), request.Contact[0], settings.EabAlgorithm, cancellationToken).ConfigureAwait(false);
        }

        throw new CredentialException(ErrorIds.ExternalAccountRequired, $"{preset.TitleOf(settings)} makes accounts only for its customers (external account binding).")
        {
            Remedy = preset.ExternalAccountByMail is null
                ? "Get a key id and a key from the authority, and give them with -EabKeyId and -EabKey."
                : "Give a mail address with -Contact, for which the authority makes credentials, or its key id and key with -EabKeyId and -EabKey.",
        };
    }

    /// <summary>The key of an external account binding; <c>null</c> when none is given.</summary>
    private static byte[]? ReadEab(AccountRequest request, AcmeSettings settings)
    {
        request.Secrets.TryGetValue(AccountRequest.EabKey, out byte[]? text);
        if (settings.EabKeyId is null && text is null)
        {
            return null;
        }

        if (settings.EabKeyId is null || text is null)
        {
            throw new InvalidRequestException(ErrorIds.ExternalAccountRequired, "An external account binding needs a key id and a key.") { Remedy = "Give both -EabKeyId and -EabKey." };
        }

        try
        {
            return Base64Url.Decode(Encoding.ASCII.GetString(text));
        }
        catch (FormatException)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, "The key of the external account binding is not base64url.") { Remedy = "Copy the key (HMAC key) again as the authority shows it." };
        }
    }
}
