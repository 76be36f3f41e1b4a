using System;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Threading.Tasks;
using KeyManager.Commands;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.PowerShell;

public sealed class CertificateOrderCommandTests : CmdletTests
{
    [Fact]
    public async Task New_places_an_order_for_each_good_row_of_a_table()
    {
        _ = await Bench.AddAccountAsync();
        object Row(string names, string length) => Some.Row(("DomainName", names), ("KeyLength", length), ("Account", ""), ("Name", ""), ("CsrPath", ""));

        CmdletResult result = Cmdlet<NewKmCertificateOrderCommand>().Pipe(Row("a.test;b.test", "384"), Row("bad..test", ""), Row("c.test", "")).Invoke();

        Assert.Equal(["a.test", "c.test"], result.OutputOf<CertificateOrder>().Select(o => o.Name));
        Assert.Equal("ECDSA P-384", result.OutputOf<CertificateOrder>()[0].KeySpec.ToString());
        AssertFails(result, "KmInvalidDomainName", ErrorCategory.InvalidArgument);
    }

    [Fact]
    public async Task New_refuses_a_key_beside_a_request_and_no_name_at_all()
    {
        _ = await Bench.AddAccountAsync();
        CmdletRunner<NewKmCertificateOrderCommand> New() => Cmdlet<NewKmCertificateOrderCommand>().InSet("Request");

        AssertFails(New().With("CsrPath", Bench.File("x.csr")).With("KeyAlgorithm", "Rsa").Invoke(), "KmInvalidParameter", ErrorCategory.InvalidArgument);
        AssertFails(New().With("CsrPath", Bench.File("x.csr")).Invoke(), "KmFileNotFound", ErrorCategory.ObjectNotFound);
        AssertFails(New().Invoke(), "KmInvalidDomainName", ErrorCategory.InvalidArgument);
        Assert.Empty(Bench.Orders());
    }

    [Fact]
    public async Task Get_finds_by_id_and_by_pattern()
    {
        _ = await Bench.AddAccountAsync();
        CertificateOrder order = await Bench.PlaceAsync("a.test");
        _ = await Bench.PlaceAsync("b.test");

        Assert.Equal("a.test", Assert.Single(Cmdlet<GetKmCertificateOrderCommand>().With("Name", order.Id).Invoke().OutputOf<CertificateOrder>()).Name);
        Assert.Equal(2, Cmdlet<GetKmCertificateOrderCommand>().With("Name", "*.test").Invoke().Output.Count);
        AssertFails(Cmdlet<GetKmCertificateOrderCommand>().With("Name", "nope").Invoke(), "KmOrderNotFound", ErrorCategory.ObjectNotFound);
    }

    [Fact]
    public async Task Sync_and_Wait_ask_the_authority_and_Wait_does_not_wait_for_what_is_ours_to_do()
    {
        _ = await Bench.AddAccountAsync();
        _ = await Bench.PlaceAsync("a.test");

        Assert.Equal(OrderStatus.Processing, Assert.Single(Cmdlet<SyncKmCertificateOrderCommand>().With("Order", "a.test").Invoke().OutputOf<CertificateOrder>()).Status);
        AssertFails(Cmdlet<WaitKmCertificateOrderCommand>().With("Order", "a.test").With("Timeout", TimeSpan.FromHours(1)).Invoke(), "KmOrderStateInvalid", ErrorCategory.InvalidOperation);
        Assert.Empty(Bench.Clock.Delays);
        AssertFails(Cmdlet<SyncKmCertificateOrderCommand>().With("Order", "nope").Invoke(), "KmOrderNotFound", ErrorCategory.ObjectNotFound);
        await Bench.CompleteAsync(Bench.Orders().Single());
        Assert.Equal(OrderStatus.Saved, Assert.Single(Cmdlet<WaitKmCertificateOrderCommand>().With("Order", "a.test").Invoke().OutputOf<CertificateOrder>()).Status);
    }

    [Fact]
    public async Task Wait_ends_in_time_when_the_authority_takes_longer()
    {
        Bench.AddScripted(Bench.Plain);
        CertificateOrder order = await Bench.PlaceAsync("a.test");
        Bench.Plain.Answers.Enqueue(ScriptedAuthority.Answer(order, OrderStatus.Processing, "vetting"));

        AssertFails(Cmdlet<WaitKmCertificateOrderCommand>().With("Order", "a.test").With("Timeout", TimeSpan.Zero).Invoke(), "KmOrderWaitTimeout", ErrorCategory.OperationTimeout);
    }

    [Fact]
    public async Task New_refuses_a_way_of_proof_that_the_authority_does_not_have()
    {
        _ = await Bench.AddAccountAsync("proving", ("Validation", "Any"));

        CmdletResult result = Cmdlet<NewKmCertificateOrderCommand>().InSet("Request").With("DomainName", "a.test").With("ChallengeType", ChallengeType.TlsAlpn01).Invoke();

        AssertFails(result, "KmAuthorityCannot", ErrorCategory.InvalidArgument);
        Assert.Empty(Bench.Orders());
    }

    [Fact]
    public async Task Stop_cancels_once_and_Remove_says_that_it_is_local()
    {
        _ = await Bench.AddAccountAsync();
        _ = await Bench.PlaceAsync("a.test");
        CmdletRunner<StopKmCertificateOrderCommand> Stop() => Cmdlet<StopKmCertificateOrderCommand>().With("Order", "a.test").With("Force");

        Assert.Equal(OrderStatus.Cancelled, Assert.Single(Stop().Invoke().OutputOf<CertificateOrder>()).Status);
        AssertFails(Stop().Invoke(), "KmOrderStateInvalid", ErrorCategory.InvalidOperation);
        Assert.Contains("removed here only", Assert.Single(Cmdlet<RemoveKmCertificateOrderCommand>().With("Order", "a.test").With("Force").Invoke().Warnings));
        Assert.Empty(Bench.Orders());
        AssertFails(Cmdlet<RemoveKmCertificateOrderCommand>().With("Order", "a.test").With("Force").Invoke(), "KmOrderNotFound", ErrorCategory.ObjectNotFound);
    }

    [Fact]
    public async Task Invoke_challenge_completes_an_order_once_and_Get_challenge_shows_what_to_publish()
    {
        _ = await Bench.AddAccountAsync("proving", ("Validation", "Http01"));
        _ = await Bench.PlaceAsync("a.test");

        Challenge challenge = Assert.Single(Cmdlet<GetKmChallengeCommand>().With("Order", "a.test").Invoke().OutputOf<Challenge>());
        Assert.Equal(ChallengeType.Http01, challenge.Type);
        AssertFails(Cmdlet<GetKmChallengeCommand>().With("Order", "nope").Invoke(), "KmOrderNotFound", ErrorCategory.ObjectNotFound);
        Assert.Equal(OrderStatus.Saved, Assert.Single(Cmdlet<InvokeKmChallengeCommand>().With("Order", "a.test").Invoke().OutputOf<CertificateOrder>()).Status);
        AssertFails(Cmdlet<InvokeKmChallengeCommand>().With("Order", "a.test").Invoke(), "KmOrderStateInvalid", ErrorCategory.InvalidOperation);
    }
}
