using KeyManager.Challenges;
using KeyManager.Tests.Support;

namespace KeyManager.Tests.Challenges;

/// <summary>Challenges and orders for solvers.</summary>
internal static class SomeChallenge
{
    public static Challenge Http(string token = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0", string order = "order", string name = "www.contoso.test") => new()
    {
        Id = "http/" + token, OrderId = order, DomainName = DomainName.Parse(name), Type = ChallengeType.Http01, Token = token, Value = token + ".thumbprint",
        Location = $"http://{name}/.well-known/acme-challenge/{token}",
    };

    public static Challenge Tls(string name = "www.contoso.test", string order = "order", string token = "token") => new()
    {
        Id = "tls/" + name, OrderId = order, DomainName = DomainName.Parse(name), Type = ChallengeType.TlsAlpn01, Token = token, Value = token + ".thumbprint",
        Location = name + ":443",
    };

    public static Challenge Dns(string name = "www.contoso.test", string value = "one", ChallengeType type = ChallengeType.Dns01) => new()
    {
        Id = $"{type}/{name}/{value}", OrderId = "order", DomainName = DomainName.Parse(name), Type = type, Token = "", Value = value,
        Location = "_acme-challenge." + DomainName.Parse(name).BaseName,
    };

    public static CertificateOrder Order(string id = "order") => new()
    {
        Id = id, Name = "www.contoso.test", DomainNames = [DomainName.Parse("www.contoso.test")], AccountId = "account", Account = "account", Authority = "local",
        CreatedAt = default, UpdatedAt = default,
    };

    public static SolverContext Context(CertificateOrder order, CollectingReporter? reporter = null, IScriptRunner? scripts = null) =>
        new(order, reporter ?? new CollectingReporter(), scripts);
}
