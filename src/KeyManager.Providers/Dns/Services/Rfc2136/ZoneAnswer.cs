using System.Linq;
using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Providers.Dns.Services.Rfc2136;

/// <summary>What an answer to a question for the SOA of a name tells about the zone of the name. Exactly one of the members is set.</summary>
/// <param name="Zone">The zone that holds the name.</param>
/// <param name="HandedOn">The zone that holds it and is another server's.</param>
/// <param name="Problem">Why it tells nothing, to follow the server's name; one label further up may.</param>
internal sealed record ZoneAnswer(DnsName? Zone, DnsName? HandedOn, string? Problem)
{
    public static ZoneAnswer Read(DnsMessage answer, DnsName name)
    {
        if (answer.ResponseCode is not (DnsResponseCode.NoError or DnsResponseCode.NXDomain))
        {
            return Unknown($"answered {answer.ResponseCode.ToString().ToUpperInvariant()}");
        }

        if (!answer.IsAuthoritative)
        {
            // Some servers point to the root for what they do not hold. Whoever resolves for others has an answer, from elsewhere.
            DnsName? handedOn = answer.Answers.Count > 0 ? null : HandedOnIn(answer, name);
            return handedOn is null ? Unknown("does not hold the zone") : new ZoneAnswer(null, handedOn, null);
        }

        // The SOA beside an alias is the one of its target.
        if (answer.Answers.Any(r => r.Type is DnsType.CName or DnsType.DName))
        {
            return Unknown("answered with an alias (CNAME)");
        }

        DnsRecord? start = answer.Answers.Concat(answer.Authorities).FirstOrDefault(r => r.Type == DnsType.Soa && r.Class == DnsClass.Internet && name.IsAtOrBelow(r.Name));
        return start is null ? Unknown("named no zone") : new ZoneAnswer(start.Name, null, null);
    }

    /// <summary>The zone that a referral leads to; <c>null</c> when the answer is none.</summary>
    public static DnsName? HandedOnIn(DnsMessage answer, DnsName name) =>
        answer is { IsAuthoritative: false, ResponseCode: DnsResponseCode.NoError, Answers.Count: 0 }
            ? answer.Authorities.FirstOrDefault(r => r.Type == DnsType.NS && r.Name.Labels.Count > 0 && name.IsAtOrBelow(r.Name))?.Name
            : null;

    private static ZoneAnswer Unknown(string problem) => new(null, null, problem);
}
