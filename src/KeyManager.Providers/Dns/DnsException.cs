using System;
using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Providers.Dns;

/// <summary>
/// The one exception of the DNS code: a message that cannot be read or written, a server that does not answer, an answer that is an error.
/// It stays inside this assembly; who uses the DNS code says what it means for the user.
/// </summary>
internal sealed class DnsException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>The code that the server answered with; <c>null</c> when there was no answer or it could not be read.</summary>
    public DnsResponseCode? ResponseCode { get; init; }
}
