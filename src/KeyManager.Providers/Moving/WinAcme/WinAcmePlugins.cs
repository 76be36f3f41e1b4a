using System;
using System.Collections.Generic;

namespace KeyManager.Providers.Moving.WinAcme;

/// <summary>The plug-ins of win-acme and simple-acme by the identifiers that renewals have.</summary>
internal static class WinAcmePlugins
{
    // How the certificate's names are chosen.
    public const string Csr = "5c3db0fb-840b-469f-b5a7-0635d8e9a93d";
    public const string Manual = "e239db3b-b42f-48aa-b64f-46d4f3e9941b";

    // How control is proved.
    public const string FileSystem = "1c77b3a4-5310-4c46-92c6-00d866e84d6b";
    public const string HttpListener = "c7d5e050-9363-4ba1-b3a8-931b31c618b7";
    public const string TlsListener = "a1565064-b208-4467-8ca1-1bd3c08aa500";
    public const string ByHand = "e45d62b9-f9a8-441e-b95f-c5ee0dcd8040";
    public const string NoProof = "a37b41dc-b45a-42fe-8d81-82ca409a5491";
    public const string ProofScript = "8f1da72e-f727-49f0-8546-ef69e5ecec32";
    public const string Sftp = "048aa2e7-2bce-4d3e-b731-6e0ed8b8170d";
    public const string Cloudflare = "73af2c2e-4cf1-4198-a4c8-1129003cfb75";
    public const string Route53 = "4e5dc595-45c7-4461-929a-8f96a0c96b3d";
    public const string Azure = "aa57b028-45fb-4aca-9cac-a63d94c76b4a";
    public const string GoDaddy = "966c4c3d-1572-44c7-9134-5e2bc8fa021d";
    public const string DnsMadeEasy = "13993334-2d74-4ff6-801b-833b99bf231d";
    public const string AcmeDns = "c13acc1b-7571-432b-9652-7a68a5f506c5";
    public const string Rfc2136 = "ed5dc9d1-739c-4f6a-854f-238bf65b63ee";

    // Where certificates are put, and what is done then.
    public const string NoStore = "cfdd7caa-ba34-4e9e-b9de-2a3d64c4f4ec";
    public const string WindowsStore = "e30adc8e-d756-4e16-a6f2-450f784b1a97";
    public const string UserStore = "95ee94e7-c8e2-40e6-a26f-c9fc3afa9fa5";
    public const string CentralStore = "af1f77b6-4e7b-4f96-bba5-c2eeb4d0dd42";
    public const string PemFiles = "e57c70e4-cd60-4ba6-80f6-a41703e21031";
    public const string PfxFile = "2a2c576f-7637-4ade-b8db-e8613b0bb33e";
    public const string P7bFile = "221310a3-14d8-4478-a0f1-3c6d90f2ea51";
    public const string KeyVault = "dbfa91e2-28c0-4b37-857c-df6575dbb388";
    public const string NoInstallation = "aecc502c-5f75-43d2-b578-f95d50c79ea1";
    public const string Iis = "ea6a5be3-f8de-4d27-a6bd-750b619b2ee2";
    public const string IisFtp = "13058a79-5084-48af-b047-634e0ee222f4";
    public const string InstallationScript = "3bb22c70-358d-4251-86bd-11858363d913";

    // Proofs by services that have no counterpart here, for people to read.
    private static readonly Dictionary<string, string> s_others = new(StringComparer.OrdinalIgnoreCase)
    {
        ["bc27d719-dcf2-41ff-bf08-54db7ea49c48"] = "FTP",
        ["11ba2994-ea59-4f2f-b9eb-0eaa2fa3cbfa"] = "REST",
        ["7e191d0e-30d1-47b3-ae2e-442499d33e16"] = "WebDav",
        ["b61505e9-1709-43fd-996f-c74c3686286c"] = "Google Cloud DNS",
        ["3b0c3cca-db98-40b7-b678-b34791070d42"] = "LuaDNS",
        ["c9017182-1000-4257-a8da-0553cd1490ec"] = "DNSExit",
        ["3693c40c-7c2f-4b70-aead-27869d8cbdf3"] = "Simply",
        ["2472d0c3-d3de-4bbc-806d-f36786ae94ed"] = "Arsys",
        ["0bd9b320-08e0-4bfe-a535-b979886187e4"] = "Domeneshop",
        ["6370923c-7840-4e8c-b003-a3b514312e5a"] = "IPProjects",
        ["2bfb3ef8-64b8-47f1-8185-ea427b793c1a"] = "DreamHost",
        ["c49a7a9a-f8c9-494a-a6a4-c6b9daae7d9d"] = "TransIP",
        ["d1401d1e-b925-407d-a38b-924d67b2d1b5"] = "Infomaniak",
        ["12fdc54c-be30-4458-8066-2c1c565fe2d9"] = "Linode",
        ["1d4db2ea-ce7c-46ce-b86f-40b356fcf999"] = "Aliyun",
        ["6ea628c3-0f74-68bb-cf17-4fdd3d53f3af"] = "Tencent",
        ["c66cc8be-3046-46c2-a0ba-ec4ec3e7fe96"] = "NS1",
        ["1a87d670-3fa3-4a2a-bb10-491d48feb5db"] = "DigitalOcean",
        ["837692a9-25bc-4adc-908e-dc3316f11e32"] = "Czechia",
        ["7176cc8f-ba08-4b07-aa39-2f5d012c1d5a"] = "Hetzner",
        ["86feb060-ac79-49d0-85c3-ef55687c2660"] = "Bunny",
        ["ec5a5198-7224-447e-aac5-99c2ccda78a1"] = "HuaWeiCloud",
        ["86c8d86b-2069-4048-9bf1-fadb07e84d61"] = "Webnames",
        ["55891a42-ca55-4085-b107-b6a0c4f6f30b"] = "Level27",
    };

    /// <summary>Proofs whose answers are files over HTTP; the other unknown ones are DNS services.</summary>
    public static bool IsHttp(string id) => NameOf(id) is "FTP" or "REST" or "WebDav" or "SFTP";

    /// <summary>What people call a plug-in of those that have no counterpart here; its identifier when it is not known at all.</summary>
    public static string NameOf(string id) => id == Sftp ? "SFTP" : s_others.TryGetValue(id, out string? name) ? name : id;

    /// <summary>Whether anything is known about it.</summary>
    public static bool IsKnown(string id) => s_others.ContainsKey(id) || id == Sftp;
}
