using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Dns;

/// <summary>A DNS service that makes the credentials of an account itself when it is asked.</summary>
/// <remarks>
/// Asked when an account is made with none of the settings of <see cref="ProviderDescription.Credentials"/>. What it answers is stored before anything is said of it: a registration
/// that gets lost cannot be had again, and the alias that the user sets leads to it for ever.
/// </remarks>
public interface IDnsRegistration
{
    /// <summary>Makes a new registration. Each call makes another one.</summary>
    /// <param name="context">The account as it is to be, without credentials.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InvalidRequestException">KmInvalidSetting.</exception>
    /// <exception cref="KeyManagerException">What <see cref="IDnsProvider"/> says.</exception>
    Task<DnsRegistration> RegisterAsync(DnsContext context, CancellationToken cancellationToken);
}
