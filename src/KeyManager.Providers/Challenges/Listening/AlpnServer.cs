using System;
using System.Collections;
using System.Collections.Generic;
using System.Net.Security;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Providers.Challenges.Listening;

/// <summary>The server's side of a TLS handshake that negotiates "acme-tls/1" (RFC 7301, RFC 8737 §4).</summary>
/// <remarks>
/// .NET has had it since Core 2.1, netstandard2.0 does not know of it and .NET Framework never got it. So the types are looked up by name, once. BouncyCastle is no
/// way out: the two packages that we are compiled against keep their TLS in different namespaces.
/// </remarks>
internal static class AlpnServer
{
    /// <summary>The protocol that is no protocol: it says that the handshake is for a challenge.</summary>
    public const string Protocol = "acme-tls/1";

    private static readonly Type? Options = Find("SslServerAuthenticationOptions");
    private static readonly Type? Application = Find("SslApplicationProtocol");
    private static readonly PropertyInfo? Selection = Options?.GetProperty("ServerCertificateSelectionCallback");
    private static readonly PropertyInfo? Offered = Options?.GetProperty("ApplicationProtocols");
    private static readonly PropertyInfo? Negotiated = typeof(SslStream).GetProperty("NegotiatedApplicationProtocol");
    private static readonly MethodInfo? Authenticate = Options is null ? null : typeof(SslStream).GetMethod("AuthenticateAsServerAsync", [Options, typeof(CancellationToken)]);

    /// <summary>False on .NET Framework, so in Windows PowerShell 5.1; and on Mono, which has the types and does not negotiate.</summary>
    public static bool IsSupported { get; } =
        Application is not null && Selection is not null && Offered is not null && Negotiated is not null && Authenticate is not null && Type.GetType("Mono.Runtime") is null;

    /// <summary>Shakes hands; false when the client did not ask for the protocol.</summary>
    /// <param name="stream">Connected and without a handshake yet.</param>
    /// <param name="find">The certificate for a name; <c>null</c> ends the connection.</param>
    /// <param name="cancellationToken">Ends the connection.</param>
    public static async Task<bool> AuthenticateAsync(SslStream stream, Func<string, X509Certificate2?> find, CancellationToken cancellationToken)
    {
        if (!IsSupported)
        {
            return false;
        }

        // IsSupported has seen that each of them is there.
        object protocol = Activator.CreateInstance(Application!, Protocol)!;
        IList protocols = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(Application!))!;
        protocols.Add(protocol);
        object options = Activator.CreateInstance(Options!)!;
        Offered!.SetValue(options, protocols);
        MethodInfo select = typeof(Selector).GetMethod(nameof(Selector.Select))!;
        Selection!.SetValue(options, Delegate.CreateDelegate(Selection.PropertyType, new Selector(find), select));
        await ((Task)Authenticate!.Invoke(stream, [options, cancellationToken])!).ConfigureAwait(false);
        return protocol.Equals(Negotiated!.GetValue(stream));
    }

    private static Type? Find(string name) => typeof(SslStream).Assembly.GetType("System.Net.Security." + name);

    private sealed class Selector(Func<string, X509Certificate2?> find)
    {
        // The framework hands an international name over in its own script, although A-labels came in.
        public X509Certificate? Select(object sender, string? serverName) => DomainName.TryParse(serverName, out DomainName name) ? find(name.Ascii) : null;
    }
}
