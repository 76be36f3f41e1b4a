using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace KeyManager.Tests.Support.Acme;

/// <summary>Accounts (RFC 8555 §7.3): registration, update, deactivation, change of key, list of orders.</summary>
internal sealed class AccountResources(ServerContext context)
{
    private const string Mailto = "mailto:";

    public HttpAnswer Create(SignedRequest request)
    {
        JsonMembers members = request.Members("newAccount", "contact", "termsOfServiceAgreed", "onlyReturnExisting", "externalAccountBinding");
        IReadOnlyList<string> contacts = members.Has("contact") ? members.Texts("contact") : [];
        bool hasAgreed = members.Flag("termsOfServiceAgreed");
        bool onlyExisting = members.Flag("onlyReturnExisting");
        ServedAccount? known = context.Accounts.FirstOrDefault(account => account.Key.Thumbprint == request.Key.Thumbprint);
        if (known is not null)
        {
            return known.Status == "valid"
                ? Show(200, known).With("Location", context.Out(known.Url))
                : throw ServerProblem.Refusal("unauthorized", $"The account is {known.Status}.", 403);
        }

        if (onlyExisting)
        {
            throw ServerProblem.Refusal("accountDoesNotExist", "There is no account with that key.");
        }

        CheckContacts(contacts);
        string? externalAccount = new ExternalAccountCheck(context).Read(members, request);
        if (context.Policy.TermsOfService is not null && !hasAgreed)
        {
            throw TermsProblem(context.Policy.TermsOfService, "The terms of service must be agreed to.");
        }

        ServedAccount created = new(context.Url(Paths.Account + context.NextId()), request.Key)
        {
            Contacts = contacts,
            HasAgreedToTerms = hasAgreed,
            ExternalAccount = externalAccount,
        };
        context.Accounts.Add(created);
        HttpAnswer answer = context.Oddities.EmptyAccountBody ? new HttpAnswer(201) : Show(201, created);
        return answer.With("Location", context.Out(created.Url));
    }

    public HttpAnswer GetOrUpdate(SignedRequest request)
    {
        ServedAccount account = Own(request, request.Url);
        if (request.IsRead)
        {
            return Show(200, account);
        }

        JsonMembers members = request.Members("account", "contact", "status");
        if (members.Has("contact"))
        {
            IReadOnlyList<string> contacts = members.Texts("contact");
            CheckContacts(contacts);
            account.Contacts = contacts;
        }

        if (members.OptionalText("status") is string status)
        {
            account.Status = status == "deactivated" ? status : throw ServerProblem.Malformed($"An account cannot be set to '{status}'.");
        }

        return Show(200, account);
    }

    public HttpAnswer ListOrders(SignedRequest request, string rest)
    {
        string[] parts = rest.Split('?');
        Own(request, context.Url(Paths.Account + parts[0]));
        request.MustRead();
        int start = parts.Length == 1 ? 0 : int.Parse(parts[1].Substring("after=".Length), CultureInfo.InvariantCulture);
        ServedOrder[] orders = [.. context.Orders.Where(order => order.Account == request.Account && order.Status != "invalid")];
        int end = start + context.Policy.OrdersPerPage;
        HttpAnswer answer = HttpAnswer.Json(200, new Dictionary<string, object?>
        {
            ["orders"] = orders.Skip(start).Take(context.Policy.OrdersPerPage).Select(order => context.Out(order.Url)),
        });
        return answer.With("Link", end < orders.Length ? $"<{context.Out(context.Url(Paths.Orders + parts[0]))}?after={end.ToString(CultureInfo.InvariantCulture)}>;rel=\"next\"" : null);
    }

    /// <summary>RFC 8555 §7.3.5.</summary>
    public HttpAnswer ChangeKey(SignedRequest request)
    {
        ServedAccount account = request.Account ?? throw ServerProblem.NotYours();
        if (request.IsRead)
        {
            throw ServerProblem.Malformed("keyChange has a payload.");
        }

        SignedMessage inner = SignedMessage.Parse(request.Payload, "inner JWS", "alg", "jwk", "url");
        Jwk newKey = Jwk.Parse(inner.Header.Value("jwk"), "'jwk' of the inner JWS");
        inner.MustBeOf(newKey, "inner JWS");
        if (inner.Header.Text("url") != request.Url)
        {
            throw ServerProblem.Malformed("The inner JWS is for another address than the outer.");
        }

        JsonMembers members = JsonMembers.Parse(inner.Payload, "inner payload", "account", "oldKey");
        if (members.Text("account") != account.Url)
        {
            throw ServerProblem.Malformed("The inner payload names another account than the outer JWS.");
        }

        if (Jwk.Parse(members.Value("oldKey"), "'oldKey'").Thumbprint != account.Key.Thumbprint)
        {
            throw ServerProblem.Malformed("'oldKey' is not the key of the account.");
        }

        if (context.Accounts.FirstOrDefault(other => other.Key.Thumbprint == newKey.Thumbprint) is ServedAccount holder)
        {
            ServerProblem conflict = ServerProblem.Refusal("malformed", "The new key is in use.", 409);
            conflict.Fields.Add(("Location", context.Out(holder.Url)));
            throw conflict;
        }

        account.Key = newKey;
        account.KeyChanges++;
        return Show(200, account);
    }

    /// <summary>userActionRequired as RFC 8555 §7.3.3 has it: with a link to the terms.</summary>
    internal static ServerProblem TermsProblem(Uri terms, string detail)
    {
        ServerProblem problem = ServerProblem.Refusal("userActionRequired", detail, 403);
        problem.Members["instance"] = terms.AbsoluteUri;
        problem.Fields.Add(("Link", $"<{terms.AbsoluteUri}>;rel=\"terms-of-service\""));
        return problem;
    }

    private ServedAccount Own(SignedRequest request, string url) => context.Accounts.All(account => account.Url != url)
        ? throw ServerProblem.NotFound()
        : request.Account?.Url == url ? request.Account : throw ServerProblem.NotYours();

    private HttpAnswer Show(int status, ServedAccount account)
    {
        Dictionary<string, object?> members = new() { ["status"] = account.Status };
        if (account.Contacts.Count > 0)
        {
            members["contact"] = account.Contacts;
        }

        if (account.HasAgreedToTerms)
        {
            members["termsOfServiceAgreed"] = true;
        }

        if (context.Policy.ServesOrderLists)
        {
            members["orders"] = context.Out(context.Url(Paths.Orders + account.Url.Substring(context.Url(Paths.Account).Length)));
        }

        return HttpAnswer.Json(status, members);
    }

    private void CheckContacts(IReadOnlyList<string> contacts)
    {
        if (context.Policy.RequiresContact && contacts.Count == 0)
        {
            throw ServerProblem.Refusal("invalidContact", "An e-mail address is needed.");
        }

        foreach (string contact in contacts)
        {
            if (!contact.StartsWith(Mailto, StringComparison.Ordinal))
            {
                throw ServerProblem.Refusal("unsupportedContact", $"'{contact}' is not a mailto address.");
            }

            // No header fields and one address only; RFC 8555 §7.3.
            string address = contact.Substring(Mailto.Length);
            if (address.IndexOfAny(['?', ',', ' ']) >= 0 || address.Split('@') is not [{ Length: > 0 }, { Length: > 0 }])
            {
                throw ServerProblem.Refusal("invalidContact", $"'{contact}' is not one e-mail address.");
            }
        }
    }
}
