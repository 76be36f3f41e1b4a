using System;
using System.IO;
using System.Linq;
using System.Xml;
using System.Xml.Linq;
using KeyManager.Providers.Authorities;
using KeyManager.Providers.Keys;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Moving.WinAcme;

/// <summary>Makes a JSON Web Key of an account's key: its numbers as JSON for ECDSA, as the XML of .NET for RSA.</summary>
internal static class WinAcmeSigner
{
    /// <exception cref="FormatException">It is no such text.</exception>
    public static JObject Read(string text)
    {
        JObject signer = Parse(text);
        string export = signer.Text("KeyExport") ?? throw Damaged();
        string kind = signer.Text("KeyType") ?? "";
        return kind.StartsWith("ES", StringComparison.Ordinal) ? ReadEc(Parse(export)) : kind.StartsWith("RS", StringComparison.Ordinal) ? ReadRsa(export) : throw Damaged();
    }

    private static FormatException Damaged() => new("The key of the account is damaged, or of a kind that is not known.");

    private static JObject Parse(string text)
    {
        try
        {
            return JObject.Parse(text);
        }
        catch (JsonException)
        {
            // Its message may quote the key.
            throw Damaged();
        }
    }

    private static JObject ReadEc(JObject key) => new()
    {
        ["kty"] = "EC",
        ["crv"] = key.Number("HashSize") switch
        {
            256 => "P-256",
            384 => "P-384",
            512 => "P-521",
            _ => throw Damaged(),
        },
        ["d"] = Number(key.Text("D")),
        ["x"] = Number(key.Text("X")),
        ["y"] = Number(key.Text("Y")),
    };

    private static JObject ReadRsa(string xml)
    {
        try
        {
            using XmlReader reader = XmlReader.Create(new StringReader(xml), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            XElement key = XElement.Load(reader);
            JObject jwk = new() { ["kty"] = "RSA" };
            foreach ((string element, string member) in new[]
            {
                ("Modulus", "n"), ("Exponent", "e"), ("D", "d"), ("P", "p"), ("Q", "q"), ("DP", "dp"), ("DQ", "dq"), ("InverseQ", "qi"),
            })
            {
                jwk[member] = Number(key.Elements().FirstOrDefault(e => e.Name.LocalName == element)?.Value);
            }

            return jwk;
        }
        catch (XmlException)
        {
            throw Damaged();
        }
    }

    private static string Number(string? base64)
    {
        try
        {
            return Base64Url.Encode(Convert.FromBase64String(base64 ?? throw Damaged()));
        }
        catch (FormatException)
        {
            throw Damaged();
        }
    }
}
