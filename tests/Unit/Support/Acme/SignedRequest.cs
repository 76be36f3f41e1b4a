namespace KeyManager.Tests.Support.Acme;

/// <summary>A POST whose signature is right and whose signer is known.</summary>
/// <param name="Url">The address it was signed for.</param>
/// <param name="Key">The key that signed it.</param>
/// <param name="Account">The account it is for; null when signed with a key in the header.</param>
/// <param name="Payload">The payload's octets.</param>
internal sealed record SignedRequest(string Url, Jwk Key, ServedAccount? Account, byte[] Payload)
{
    /// <summary>POST-as-GET (RFC 8555 §6.3).</summary>
    public bool IsRead => Payload.Length == 0;

    public JsonMembers Members(string what, params string[] allowed) => IsRead
        ? throw ServerProblem.Malformed($"A {what} request has a payload.")
        : JsonMembers.Parse(Payload, what + " payload", allowed);

    public void MustRead()
    {
        if (!IsRead)
        {
            throw ServerProblem.Malformed("This is read with POST-as-GET: an empty payload.");
        }
    }
}
