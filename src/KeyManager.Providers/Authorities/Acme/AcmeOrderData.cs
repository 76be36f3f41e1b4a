using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KeyManager.Providers.Authorities.Acme.Protocol;
using Newtonsoft.Json;

namespace KeyManager.Providers.Authorities.Acme;

/// <summary>The addresses that belong to an order, stored with it.</summary>
internal sealed class AcmeOrderData
{
    public string? Finalize { get; set; }

    public string? Certificate { get; set; }

    public List<Authorization> Authorizations { get; set; } = [];

    public static AcmeOrderData Of(CertificateOrder order) => order.AuthorityData is string json && JsonConvert.DeserializeObject<AcmeOrderData>(json) is AcmeOrderData data ? data : new AcmeOrderData();

    public string ToJson() => JsonConvert.SerializeObject(this, new JsonSerializerSettings { NullValueHandling = NullValueHandling.Ignore });

    /// <summary>Takes over what the server says; authorizations keep their place, which challenges are numbered by.</summary>
    public void Learn(OrderResource order)
    {
        Finalize = order.Finalize?.AbsoluteUri ?? Finalize;
        Certificate = order.Certificate?.AbsoluteUri ?? Certificate;
        foreach (Uri url in order.Authorizations.Where(u => Authorizations.All(a => a.Url != u.AbsoluteUri)))
        {
            Authorizations.Add(new Authorization { Url = url.AbsoluteUri });
        }
    }

    /// <summary>The address of one of our challenges; <c>null</c> when it is none of this order.</summary>
    public Uri? Find(Challenge challenge) =>
        Holder(challenge) is Authorization authorization && authorization.Challenges.TryGetValue(challenge.Type, out string? url) ? new Uri(url) : null;

    /// <summary>The address of the authorization of a challenge that <see cref="Find"/> has found.</summary>
    public string AuthorizationOf(Challenge challenge) => Holder(challenge)?.Url ?? throw new ArgumentException("The challenge is none of this order.", nameof(challenge));

    /// <summary>Challenges are numbered by the place of their authorization.</summary>
    private Authorization? Holder(Challenge challenge) =>
        int.TryParse(challenge.Id.Split('/')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= Authorizations.Count
            ? Authorizations[number - 1]
            : null;

    /// <summary>The proof of one name.</summary>
    internal sealed class Authorization
    {
        public string Url { get; set; } = "";

        /// <summary>The challenges that we know, by type.</summary>
        public Dictionary<ChallengeType, string> Challenges { get; set; } = [];
    }
}
