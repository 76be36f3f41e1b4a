using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Providers.Keys;

namespace KeyManager.Tests.Support;

/// <summary>
/// An authority that does what the test says: it counts what reaches it, answers from a script, and may throw before or after a call had its
/// effect. It can do no more than every authority can; <see cref="AbleAuthority"/> has the abilities.
/// </summary>
public class ScriptedAuthority(Clock clock, string name = "Plain") : ICertificateAuthority
{
    private readonly Dictionary<string, byte[]> _certificates = [];
    private readonly TestPki.Issued _root = TestPki.Root;

    /// <summary>What was called, in order.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>The orders it has, by our reference, with how often each was placed.</summary>
    public Dictionary<string, int> Placed { get; } = [];

    /// <summary>Called before a call has its effect; may throw.</summary>
    public Action<string>? Before { get; set; }

    /// <summary>Called after it had its effect: what it throws is an answer that got lost.</summary>
    public Action<string>? After { get; set; }

    /// <summary>What the next questions are answered with; when it is empty, the order is issued.</summary>
    public Queue<AuthorityOrder> Answers { get; } = [];

    /// <summary>The answer to placing; <c>null</c> for one that needs no proof.</summary>
    public Func<CertificateOrder, AuthorityOrder>? PlaceAnswer { get; set; }

    /// <summary>Changes what is handed out.</summary>
    public Func<CertificateOrder, byte[]>? Certificate { get; set; }

    public AuthorityDescription Description { get; } = new() { Name = name, Title = name + " authority", Kind = "Test", Abilities = [], ChallengeTypes = [ChallengeType.Http01, ChallengeType.Dns01] };

    public void Check(AuthorityContext context, CertificateOrder order)
    {
    }

    public Task<AuthorityOrder> PlaceAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken) => Call("Place", () =>
    {
        Placed[order.Id] = Placed.GetValueOrDefault(order.Id) + 1;
        return PlaceAnswer?.Invoke(order) ?? Answer(order, OrderStatus.Processing, "ready");
    });

    public Task<AuthorityOrder> GetAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken) =>
        Call("Get", () => Answers.Count > 0 ? Answers.Dequeue() : Answer(order, OrderStatus.Available, "valid"));

    public Task<IssuedCertificate> DownloadAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken) =>
        Call("Download", () => new IssuedCertificate(Certificate?.Invoke(order) ?? Issue(order), [_root.Der]));

    public static AuthorityOrder Answer(CertificateOrder order, OrderStatus status, string word) => new() { AuthorityOrderId = "A-" + order.Id, Status = status, AuthorityStatus = word };

    /// <summary>A certificate for a request; the same order always gets the same one.</summary>
    public byte[] Issue(CertificateOrder order) => _certificates.TryGetValue(order.Id, out byte[]? known) ? known : _certificates[order.Id] = Issue(order.Csr!, TimeSpan.FromDays(90));

    public byte[] Issue(byte[] csr, TimeSpan life)
    {
        CertificateRequestContent request = new CertificateRequestTools().Read(csr, "order");
        return TestPki.Issue(request, _root, clock.UtcNow - TimeSpan.FromHours(1), clock.UtcNow + life);
    }

    protected Task<T> Call<T>(string what, Func<T> effect)
    {
        Calls.Add(what);
        Before?.Invoke(what);
        T answer = effect();
        After?.Invoke(what);
        return Task.FromResult(answer);
    }
}

/// <summary>A scripted authority with every ability that an order meets.</summary>
public sealed class AbleAuthority(Clock clock, string name = "Able")
    : ScriptedAuthority(clock, name), IOrderLookupAbility, IValidationAbility, IFinalizeAbility, ICancelAbility, IRevokeAbility
{
    /// <summary>How the order stands after its challenges were shown to it.</summary>
    public Func<CertificateOrder, IReadOnlyList<Challenge>, AuthorityOrder>? SubmitAnswer { get; set; }

    /// <summary>How the order stands after the request was sent; <c>null</c>: issued.</summary>
    public AuthorityOrder? FinalizeAnswer { get; set; }

    public static AuthorityOrder Pending(CertificateOrder order) => Answer(order, OrderStatus.PendingValidation, "pending") with
    {
        Challenges = [.. order.DomainNames.Select((n, i) => new Challenge
        {
            Id = $"{i + 1}/Http01",
            OrderId = order.Id,
            DomainName = n,
            Type = ChallengeType.Http01,
            Token = "token" + i,
            Location = $"http://{n.Ascii}/.well-known/acme-challenge/token{i}",
            Value = "proof" + i,
        })],
    };

    public Task<AuthorityOrder?> FindAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken) =>
        Call("Find", () => Placed.ContainsKey(order.Id) ? PlaceAnswer?.Invoke(order) ?? Answer(order, OrderStatus.Processing, "ready") : null);

    public Task<AuthorityOrder> SubmitAsync(AuthorityContext context, CertificateOrder order, IReadOnlyList<Challenge> challenges, CancellationToken cancellationToken) =>
        Call("Submit", () => SubmitAnswer?.Invoke(order, challenges) ?? Answer(order, OrderStatus.Processing, "ready"));

    public Task<AuthorityOrder> FinalizeAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken) =>
        Call("Finalize", () => FinalizeAnswer ?? Answer(order, OrderStatus.Available, "valid"));

    public Task CancelAsync(AuthorityContext context, CertificateOrder order, string? comment, CancellationToken cancellationToken) => Call("Cancel", () => true);

    public Task RevokeAsync(AuthorityContext context, Certificate certificate, RevocationReason reason, string? comment, CancellationToken cancellationToken) =>
        Call("Revoke", () => true);
}
