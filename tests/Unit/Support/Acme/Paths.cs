using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Tests.Support.Acme;

/// <summary>The server's addresses. None is like those of a well-known server, so that a client which guesses is wrong.</summary>
internal static class Paths
{
    public const string Directory = "/v9/index";
    public const string NewNonce = "/v9/fresh";
    public const string NewAccount = "/v9/join";
    public const string NewOrder = "/v9/ask";
    public const string RevokeCertificate = "/v9/withdraw";
    public const string KeyChange = "/v9/rekey";
    public const string RenewalInfo = "/v9/when";
    public const string Account = "/who/";
    public const string Orders = "/lists/";
    public const string Order = "/asked/";
    public const string Finalize = "/finish/";
    public const string Authorization = "/may/";
    public const string Challenge = "/prove/";
    public const string Certificate = "/paper/";

    private static readonly Dictionary<string, AcmeResource> Fixed = new()
    {
        [Directory] = AcmeResource.Directory,
        [NewNonce] = AcmeResource.NewNonce,
        [NewAccount] = AcmeResource.NewAccount,
        [NewOrder] = AcmeResource.NewOrder,
        [RevokeCertificate] = AcmeResource.RevokeCertificate,
        [KeyChange] = AcmeResource.KeyChange,
    };

    private static readonly Dictionary<string, AcmeResource> Prefixes = new()
    {
        [RenewalInfo + "/"] = AcmeResource.RenewalInfo,
        [Account] = AcmeResource.Account,
        [Orders] = AcmeResource.Orders,
        [Order] = AcmeResource.Order,
        [Finalize] = AcmeResource.Finalize,
        [Authorization] = AcmeResource.Authorization,
        [Challenge] = AcmeResource.Challenge,
        [Certificate] = AcmeResource.Certificate,
    };

    /// <summary>What a request target is for, and what follows in it.</summary>
    public static (AcmeResource Resource, string Tail) Read(string target)
    {
        if (Fixed.TryGetValue(target, out AcmeResource resource))
        {
            return (resource, "");
        }

        string? prefix = Prefixes.Keys.FirstOrDefault(known => target.StartsWith(known, StringComparison.Ordinal));
        return prefix is null ? (AcmeResource.Any, target) : (Prefixes[prefix], target.Substring(prefix.Length));
    }
}
