using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Security;
using KeyManager.Commands;
using KeyManager.Providers.Keystores;
using KeyManager.Tests.Deployments;
using KeyManager.Tests.PowerShell;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Discovery;

public sealed class FindCommandTests : CmdletTests
{
    public FindCommandTests() => DiscoveryBench.Use(Bench);

    [Fact]
    public void What_is_found_is_written_and_nothing_changes_without_Add()
    {
        using TlsService service = new(TestPki.Entry("x"));

        CmdletResult result = Find().With("ComputerName", new[] { service.Place }).Invoke();

        AssertClean(result);
        Assert.Equal(DiscoveryState.New, Assert.Single(result.OutputOf<DiscoveredCertificate>()).State);
        Assert.Empty(result.Questions);
        Assert.Empty(Bench.Listed());
    }

    [Fact]
    public void WhatIf_looks_and_adds_nothing()
    {
        using TlsService service = new(TestPki.Entry("x"));

        CmdletResult result = Find().With("ComputerName", new[] { service.Place }).With("Add").With("WhatIf").Invoke();

        Assert.Contains($"CN=www.contoso.com at {service.Place}", Assert.Single(result.Questions), StringComparison.Ordinal);
        Assert.False(Assert.Single(result.OutputOf<DiscoveredCertificate>()).IsAdded);
        Assert.Empty(Bench.Listed());

        _ = Find().With("ComputerName", new[] { service.Place }).With("Add").Invoke();
        Assert.Equal("www.contoso.com", Assert.Single(Bench.Listed()).Name);
    }

    [Fact]
    public void What_is_taken_in_gets_labels_and_what_was_there_keeps_its_own()
    {
        using TlsService one = new(TestPki.Entry("x", "one.test"));
        using TlsService two = new(TestPki.Entry("x", "two.test"));
        _ = Find().With("ComputerName", new[] { one.Place }).With("Add").With("Owner", "Ann").Invoke();

        CmdletResult result = Find().With("ComputerName", new[] { one.Place, two.Place }).With("Add").With("Tag", new[] { "found" }).With("Owner", "Bob").Invoke();

        AssertClean(result);
        Assert.Equal(["one.test: Ann, ", "two.test: Bob, found"], Bench.Listed().Select(c => $"{c.Name}: {c.Owner}, {string.Join(" ", c.Tags)}").Order());
        CmdletResult refused = Find().With("ComputerName", new[] { one.Place }).With("Tag", new[] { "found" }).Invoke();
        AssertFails(refused, "KmInvalidParameter", ErrorCategory.InvalidArgument);
        Assert.Contains("-Add", refused.Error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        refused = Find().With("ComputerName", new[] { one.Place }).With("Add").With("Owner", "a*").Invoke();
        AssertFails(refused, "KmInvalidParameter", ErrorCategory.InvalidArgument);
    }

    [Fact]
    public void Places_of_the_pipeline_are_looked_at_side_by_side_and_one_that_is_none_is_one_error()
    {
        using TlsService one = new(TestPki.Entry("x", "one.test"));
        using TlsService two = new(TestPki.Entry("x", "two.test"));

        CmdletResult result = Find().Pipe(one.Place, "not a host", two.Place, " ").Invoke();

        Assert.Equal(["CN=one.test", "CN=two.test"], result.OutputOf<DiscoveredCertificate>().Select(f => f.Subject).Order());
        AssertFails(result, "KmInvalidParameter", ErrorCategory.InvalidArgument);
    }

    [Fact]
    public void A_typo_ends_the_command_before_anything_is_looked_at()
    {
        using RawService service = RawService.Silent();

        CmdletResult result = Find().With("ComputerName", new[] { service.Place, "smpt://mail.test" }).Invoke();

        Assert.StartsWith("KmInvalidParameter,", result.Terminating!.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("smtp", result.Terminating!.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(0, service.Connections);
    }

    [Theory]
    [InlineData(null, null, 1)]
    [InlineData("Force", true, 0)]
    [InlineData("Confirm", false, 0)]
    public void A_large_range_is_asked_for_first(string? parameter, object? value, int questions)
    {
        CmdletRunner<FindKmCertificateCommand> find = Find().With("ComputerName", new[] { $"127.0.0.1:{Daemon.FreePort()}", "127.1.0.0/21:1" }).Answering(_ => false);
        CmdletResult result = (parameter is null ? find : find.With(parameter, value)).Invoke();

        Assert.Equal(questions, result.Questions.Count);
        Assert.All(result.Questions, q => Assert.Contains("2,047", q, StringComparison.Ordinal));
        Assert.Equal(1 - questions, result.OutputOf<DiscoveredCertificate>().Count());
    }

    [Fact]
    public void What_is_too_large_is_refused_with_the_number()
    {
        CmdletResult result = Find().With("ComputerName", new[] { "10.0.0.0/8" }).With("Force").Invoke();

        AssertFails(result, "KmInvalidParameter", ErrorCategory.InvalidArgument);
        Assert.Contains("16,777,214", result.Error.ErrorDetails.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stop_ends_it_within_a_second_and_what_was_found_stays()
    {
        using TlsService service = new(TestPki.Entry("x"));
        using RawService silent = RawService.Silent();

        CmdletResult result = Find().With("ComputerName", new[] { service.Place, silent.Place }).With("Add").With("TimeoutSeconds", 60).StopAfter(TimeSpan.FromSeconds(2)).Invoke();

        Assert.IsType<PipelineStoppedException>(result.Thrown);
        Assert.True(result.AfterStop < TimeSpan.FromSeconds(1), $"{result.AfterStop}");
        Assert.Equal("www.contoso.com", Assert.Single(Bench.Listed()).Name);
        Assert.Single(result.Output);
    }

    [Fact]
    public void Passwords_open_keystores_and_are_seen_nowhere()
    {
        string path = Write("store.pfx", new Pkcs12Format().Write([TestPki.Entry("")], new KeystoreOptions { Password = "Right-1234" }));

        CmdletResult wrong = Find().InSet("Path").With("Path", new[] { path }).With("Password", new[] { Secret("Wrong-1234") }).Invoke();
        CmdletResult right = Find().InSet("Path").With("Path", new[] { path }).With("Password", new SecureString[] { Secret("Wrong-1234"), Secret("Right-1234") }).Invoke();

        Assert.Equal(DiscoveryState.Failed, Assert.Single(wrong.OutputOf<DiscoveredCertificate>()).State);
        Assert.Equal(DiscoveryState.New, Assert.Single(right.OutputOf<DiscoveredCertificate>()).State);
        Assert.DoesNotContain("1234", string.Join("\n", wrong.Transcript.Concat(right.Transcript)), StringComparison.Ordinal);
    }

    [Fact]
    public void Targets_that_cannot_be_looked_at_are_errors_with_the_reason()
    {
        Bench.AddTarget("here", "contoso.com");

        AssertFails(Find().InSet("Path").With("Path", new[] { "/etc" }).With("DeployTarget", new[] { "nope" }).Invoke(), "KmDeployTargetNotFound", ErrorCategory.ObjectNotFound);
        AssertFails(Find().InSet("WindowsStore").With("WindowsStore", new[] { "My" }).With("DeployTarget", new[] { "here" }).Invoke(), "KmInvalidParameter", ErrorCategory.InvalidArgument);
        AssertFails(Find().InSet("WindowsStore").With("WindowsStore", new[] { @"Elsewhere\My" }).Invoke(), "KmInvalidParameter", ErrorCategory.InvalidArgument);
    }

    private CmdletRunner<FindKmCertificateCommand> Find() => Cmdlet<FindKmCertificateCommand>();
}
