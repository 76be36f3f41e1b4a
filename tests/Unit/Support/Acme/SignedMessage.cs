using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace KeyManager.Tests.Support.Acme;

/// <summary>A flattened JWS (RFC 7515 §7.2.2), taken apart but not yet believed.</summary>
/// <param name="Header">The protected header.</param>
/// <param name="Payload">The payload's octets.</param>
/// <param name="Signed">What the signature is over.</param>
/// <param name="Signature">The signature.</param>
internal sealed record SignedMessage(JsonMembers Header, byte[] Payload, byte[] Signed, byte[] Signature)
{
    public string Algorithm => Header.Text("alg");

    public static SignedMessage Parse(byte[] utf8, string what, params string[] headerMembers) =>
        Read(JsonMembers.Parse(utf8, what, "protected", "payload", "signature"), what, headerMembers);

    public static SignedMessage Of(object? value, string what, params string[] headerMembers) =>
        Read(JsonMembers.Of(value, what, "protected", "payload", "signature"), what, headerMembers);

    /// <exception cref="ServerProblem">The signature is not of this key.</exception>
    public void MustBeOf(Jwk key, string what)
    {
        if (Algorithm != key.Algorithm)
        {
            throw ServerProblem.Malformed($"The {what} says {Algorithm}, but the key signs with {key.Algorithm}.");
        }

        if (!key.Verifies(Signed, Signature))
        {
            throw ServerProblem.Malformed($"The signature of the {what} is wrong.");
        }
    }

    private static SignedMessage Read(JsonMembers message, string what, string[] headerMembers)
    {
        JsonMembers header = JsonMembers.Parse(message.Bytes("protected"), $"protected header of the {what}", headerMembers);
        byte[] signed = Encoding.ASCII.GetBytes(message.Text("protected") + "." + message.Text("payload"));
        return new SignedMessage(header, message.Bytes("payload"), signed, message.Bytes("signature"));
    }
}
