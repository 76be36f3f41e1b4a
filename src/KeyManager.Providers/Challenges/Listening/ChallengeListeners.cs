using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace KeyManager.Providers.Challenges.Listening;

/// <summary>
/// The ports that this process listens on for challenges. Each is opened with the first thing to hand out and closed with the last, whichever orders they
/// belong to: a machine has one port 80. May be used from several threads.
/// </summary>
/// <param name="clock">Limits the time of connections.</param>
/// <param name="canShare">Whether a taken port can be shared, as on Windows; <c>null</c> finds out.</param>
internal sealed class ChallengeListeners(Clock clock, bool? canShare = null)
{
    private readonly bool _canShare = canShare ?? RuntimeInformation.IsOSPlatform(OSPlatform.Windows);
    private readonly Dictionary<ListenAddress, (ListenerProofs Proofs, IDisposable Listener)> _open = [];

    /// <summary>How many ports are open.</summary>
    public int Count
    {
        get
        {
            lock (_open)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>Hands the proof out until <see cref="TakeAway"/>; doing so twice changes nothing.</summary>
    /// <exception cref="ChallengeException">KmChallengeNotPublished: the port cannot be opened.</exception>
    public void Publish(ListenAddress address, Challenge challenge, ListenerProof proof)
    {
        lock (_open)
        {
            if (!_open.TryGetValue(address, out (ListenerProofs Proofs, IDisposable Listener) found))
            {
                found.Proofs = new ListenerProofs();
                found.Listener = Open(address, challenge, proof, found.Proofs);
                _open.Add(address, found);
            }
            else if (found.Listener is SharedHttpListener && proof is not FileProof)
            {
                throw Taken(address, challenge, null);
            }

            found.Proofs.Set(OwnerOf(challenge), proof);
        }
    }

    /// <summary>Hands out nothing for this challenge any more; nothing happens when this process never did.</summary>
    public void TakeAway(Challenge challenge)
    {
        lock (_open)
        {
            foreach (KeyValuePair<ListenAddress, (ListenerProofs Proofs, IDisposable Listener)> open in _open.ToList())
            {
                if (open.Value.Proofs.Remove(OwnerOf(challenge)) && open.Value.Proofs.IsEmpty)
                {
                    open.Value.Listener.Dispose();
                    _open.Remove(open.Key);
                }
            }
        }
    }

    private static string OwnerOf(Challenge challenge) => $"{challenge.OrderId}\n{challenge.Id}";

    private IDisposable Open(ListenAddress address, Challenge challenge, ListenerProof proof, ListenerProofs proofs)
    {
        try
        {
            return new TcpChallengeListener(address, proofs, clock);
        }
        catch (SocketException error) when (_canShare && proof is FileProof && error.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return Share(address, challenge, proofs);
        }
        catch (SocketException error)
        {
            throw error.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => Taken(address, challenge, error),
                SocketError.AccessDenied when _canShare => Taken(address, challenge, error), // how Windows says that its owner does not share
                SocketError.AccessDenied => NotAllowed(address, challenge, error),
                SocketError.AddressNotAvailable => NotHere(address, challenge, error),
                _ => NotPublished(address, challenge, error.Message, "Give another address and port with -ListenAddress.", error),
            };
        }
    }

    private static SharedHttpListener Share(ListenAddress address, Challenge challenge, ListenerProofs proofs)
    {
        const int AccessDenied = 5;
        try
        {
            return new SharedHttpListener(address.Port, proofs);
        }
        catch (HttpListenerException error) when (error.ErrorCode == AccessDenied)
        {
            throw NotPublished(
                address,
                challenge,
                $"another program has port {address.Port}, and sharing it through http.sys is not allowed to this user.",
                "Run PowerShell as administrator, or have one allow it once: "
                    + $"netsh http add urlacl url=http://+:{address.Port}/.well-known/acme-challenge/ user={Environment.UserDomainName}\\{Environment.UserName}",
                error);
        }
        catch (HttpListenerException error)
        {
            throw Taken(address, challenge, error);
        }
    }

    private static ChallengeException Taken(ListenAddress address, Challenge challenge, Exception? inner) => NotPublished(
        address,
        challenge,
        $"port {address.Port} is taken by another program.",
        challenge.Type == ChallengeType.Http01
            ? "When a web server has it, let that one serve the proof: -WebRootPath with its folder. Or listen on another port with -ListenAddress, and have the web server or the router forward to it."
            : "Listen on another port with -ListenAddress and have the program that has it, or the router, forward the connections; or use -ChallengeType Http01 or Dns01.",
        inner);

    private static ChallengeException NotAllowed(ListenAddress address, Challenge challenge, Exception inner) => NotPublished(
        address,
        challenge,
        $"the system does not let this user listen on port {address.Port}.",
        "Run PowerShell as administrator (root), give it the right once (sudo setcap cap_net_bind_service=+ep on the real file of pwsh), "
            + "or listen on a port above 1023 with -ListenAddress and have the router or the firewall forward to it.",
        inner);

    private static ChallengeException NotHere(ListenAddress address, Challenge challenge, Exception inner) => NotPublished(
        address, challenge, $"{address.Address} is no address of this machine.", $"Listen on all of them: -ListenAddress *:{address.Port}.", inner);

    private static ChallengeException NotPublished(ListenAddress address, Challenge challenge, string cause, string remedy, Exception? inner) =>
        new(ErrorIds.ChallengeNotPublished, $"The proof for {challenge.DomainName} cannot be published on {address}: {cause}", inner) { Target = challenge, Remedy = remedy };
}
