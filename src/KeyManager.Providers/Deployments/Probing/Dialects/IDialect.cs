using System.IO;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;

namespace KeyManager.Providers.Deployments.Probing.Dialects;

/// <summary>How a protocol asks for TLS.</summary>
internal interface IDialect
{
    /// <summary>The protocol.</summary>
    EndpointProtocol Protocol { get; }

    /// <summary>Speaks until the handshake may begin.</summary>
    /// <param name="plain">The connection.</param>
    /// <param name="host">The name of the server, for protocols that greet by it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InvalidDataException">The server does not want TLS, or speaks something else.</exception>
    Task RunAsync(PlainStream plain, string host, CancellationToken cancellationToken);
}
