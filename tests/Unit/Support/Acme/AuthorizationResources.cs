using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Tests.Support.Acme;

/// <summary>Authorizations and challenges (RFC 8555 §7.5).</summary>
internal sealed class AuthorizationResources(ServerContext context)
{
    private static readonly string[] ForWildcards = ["dns-01", "dns-account-01", "dns-persist-01"];
    private static readonly string[] ForAddresses = ["http-01", "tls-alpn-01"];
    private static readonly string[] ProblemTypes = ["caa", "connection", "dns", "dnssec", "incorrectResponse", "rateLimited", "serverInternal", "tls", "unauthorized"];

    /// <summary>An authorization for a name of a new order: the one at hand when the policy says so, else a new one.</summary>
    public ServedAuthorization Provide(ServedAccount account, ServedIdentifier identifier)
    {
        ServedAuthorization? atHand = context.Authorizations.LastOrDefault(known => known.Account == account && known.Identifier == identifier && known.Status == "valid");
        if (context.Policy.ReusesAuthorizations && atHand is not null)
        {
            Refresh(atHand);
            if (atHand.Status == "valid")
            {
                return atHand;
            }
        }

        ServedAuthorization made = new(context.Url(Paths.Authorization + context.NextId()), account, identifier)
        {
            Expires = context.Now + context.Policy.OrderLifetime,
            Challenges = [.. context.Policy.ChallengeTypes.Where(type => Suits(type, identifier)).Select(type => new ServedChallenge(
                context.Url(Paths.Challenge + context.NextId()),
                type,
                type == "dns-persist-01" ? "" : Base64Url.Encode([.. Guid.NewGuid().ToByteArray(), .. Guid.NewGuid().ToByteArray()])))],
        };
        context.Authorizations.Add(made);
        return made;
    }

    public HttpAnswer GetOrDeactivate(SignedRequest request)
    {
        ServedAuthorization authorization = context.Authorizations.FirstOrDefault(known => known.Url == request.Url) ?? throw ServerProblem.NotFound();
        RequireOwner(authorization, request);
        if (!request.IsRead)
        {
            string status = request.Members("authorization", "status").Text("status");
            if (status != "deactivated")
            {
                throw ServerProblem.Malformed($"An authorization cannot be set to '{status}'.");
            }

            authorization.Status = authorization.Status is "pending" or "valid"
                ? status
                : throw ServerProblem.Refusal("malformed", $"The authorization is {authorization.Status}.");
        }

        Look(authorization);
        HttpAnswer answer = HttpAnswer.Json(200, Describe(authorization));
        return authorization.Challenges.Any(challenge => challenge.Status == "processing") ? context.WithRetryAfter(answer) : answer;
    }

    public HttpAnswer GetOrTrigger(SignedRequest request)
    {
        (ServedAuthorization authorization, ServedChallenge challenge) = context.Authorizations
            .SelectMany(known => known.Challenges, (owner, offered) => (owner, offered))
            .FirstOrDefault(pair => pair.offered.Url == request.Url);
        if (challenge is null)
        {
            throw ServerProblem.NotFound();
        }

        RequireOwner(authorization, request);
        if (request.IsRead)
        {
            Look(authorization);
        }
        else
        {
            request.Members("challenge");
            Trigger(authorization, challenge);
        }

        HttpAnswer answer = HttpAnswer.Json(200, Describe(authorization, challenge)).With("Link", $"<{context.Out(authorization.Url)}>;rel=\"up\"");
        return challenge.Status == "processing" ? context.WithRetryAfter(answer) : answer;
    }

    /// <summary>The client looks: what is processing comes one look nearer to its end.</summary>
    public void Look(ServedAuthorization authorization)
    {
        Refresh(authorization);
        foreach (ServedChallenge challenge in authorization.Challenges.Where(challenge => challenge.Status == "processing"))
        {
            if (!context.Pace.ParksValidations && challenge.PollsLeft-- <= 0)
            {
                Decide(authorization, challenge);
            }
        }
    }

    private static bool Suits(string type, ServedIdentifier identifier) => identifier.Type == "ip"
        ? ForAddresses.Contains(type)
        : !identifier.IsWildcard || ForWildcards.Contains(type);

    private static void RequireOwner(ServedAuthorization authorization, SignedRequest request)
    {
        if (authorization.Account != request.Account)
        {
            throw ServerProblem.NotYours();
        }
    }

    private void Refresh(ServedAuthorization authorization)
    {
        if (authorization.Status is "pending" or "valid" && authorization.Expires <= context.Now)
        {
            authorization.Status = "expired";
        }
    }

    private void Trigger(ServedAuthorization authorization, ServedChallenge challenge)
    {
        Refresh(authorization);
        challenge.Triggers++;
        if (authorization.Status == "pending" && authorization.Challenges.All(other => other.Status == "pending"))
        {
            challenge.Status = "processing";
            challenge.PollsLeft = context.Pace.ValidationPolls;
            if (context.Pace.ValidationPolls == 0 && !context.Pace.ParksValidations)
            {
                Decide(authorization, challenge);
            }
        }
        else if (challenge.Status == "pending")
        {
            throw ServerProblem.Malformed($"The authorization is {authorization.Status} and another challenge of it was chosen.");
        }
    }

    private void Decide(ServedAuthorization authorization, ServedChallenge challenge)
    {
        ServedIdentifier identifier = authorization.Identifier;
        string keyAuthorization = challenge.Token.Length == 0 ? "" : challenge.Token + "." + authorization.Account.Key.Thumbprint;
        string? error = context.Validate(new AcmeValidation(
            challenge.Type, identifier.Type, identifier.BaseValue, identifier.IsWildcard, challenge.Token, keyAuthorization, authorization.Account.Url));
        challenge.Status = error is null ? "valid" : "invalid";
        authorization.Status = challenge.Status;
        if (error is null)
        {
            challenge.Validated = context.Now;
            authorization.Expires = context.Now + context.Policy.AuthorizationLifetime;
        }
        else
        {
            string? type = ProblemTypes.FirstOrDefault(known => error.StartsWith(known + ": ", StringComparison.Ordinal));
            challenge.Error = ServerProblem.Describe(403, type ?? "unauthorized", type is null ? error : error.Substring(type.Length + 2));
        }
    }

    private Dictionary<string, object?> Describe(ServedAuthorization authorization)
    {
        // Of a decided authorization only what was tried is shown (RFC 8555 §7.1.4).
        ServedChallenge[] shown = [.. authorization.Challenges.Where(challenge => authorization.Status == "pending" || challenge.Status is "valid" or "invalid")];
        Dictionary<string, object?> members = new()
        {
            ["identifier"] = authorization.Identifier.ToJson(asBase: true),
            ["status"] = authorization.Status,
            ["challenges"] = context.Shuffle(shown.Select(challenge => Describe(authorization, challenge))),
        };
        if (!context.Oddities.OmitsExpires)
        {
            members["expires"] = ServerContext.Time(authorization.Expires);
        }

        if (authorization.Identifier.IsWildcard)
        {
            members["wildcard"] = true;
        }

        return members;
    }

    private Dictionary<string, object?> Describe(ServedAuthorization authorization, ServedChallenge challenge)
    {
        Dictionary<string, object?> members = new()
        {
            ["type"] = challenge.Type,
            ["url"] = context.Out(challenge.Url),
            ["status"] = challenge.Status,
        };
        if (challenge.Type == "dns-persist-01")
        {
            members["accounturi"] = authorization.Account.Url;
            members["issuer-domain-names"] = context.Policy.CaaIdentities;
        }
        else
        {
            members["token"] = challenge.Token;
        }

        if (challenge.Type.StartsWith("device-attest", StringComparison.Ordinal))
        {
            members["attestation"] = new Dictionary<string, object?> { ["formats"] = new List<object?> { 7L, null } };
        }

        if (challenge.Validated is DateTimeOffset validated)
        {
            members["validated"] = ServerContext.Time(validated);
        }

        if (challenge.Error is not null)
        {
            members["error"] = challenge.Error;
        }

        return members;
    }
}
