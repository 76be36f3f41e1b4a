using System;
using System.Collections;
using System.IO;
using System.Linq;
using System.Management.Automation;
using KeyManager.Commands;
using KeyManager.Dns;
using KeyManager.Operations;
using KeyManager.Providers;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.PowerShell;

public sealed class DnsCommandTests : CmdletTests
{
    private const string KeySecret = "c2VjcmV0LW9mLXRoZS1rZXktNDcxMQ==";

    public DnsCommandTests() => Bench.DnsProviders = new DnsProviderRegistry(KeyManagerHost.NewDnsProviders());

    [Fact]
    public void The_services_are_listed_with_what_they_need()
    {
        Assert.Contains(Cmdlet<GetKmProviderCommand>().Invoke().OutputOf<ProviderDescription>(), p => p.Name == "Rfc2136");
        Assert.Contains(Cmdlet<GetKmProviderCommand>().Invoke().OutputOf<ProviderDescription>(), p => p.Name == "Ssh");
        Assert.Equal("Rfc2136", Assert.Single(Cmdlet<GetKmProviderCommand>().With("Name", "rfc*").Invoke().OutputOf<DnsProviderDescription>()).Name);
        AssertFails(Cmdlet<GetKmProviderCommand>().With("Name", "Rfc2137").Invoke(), "KmDnsProviderNotFound", ErrorCategory.ObjectNotFound);
    }

    [Fact]
    public void The_settings_of_a_service_are_parameters()
    {
        CmdletResult result = New().Invoke();
        AssertClean(result);
        DnsAccount account = Assert.Single(result.OutputOf<DnsAccount>());
        Assert.Equal(("bind", "Rfc2136", true, "192.0.2.1", "acme-key"), (account.Name, account.Provider, account.Enabled, account.Settings["Server"], account.Settings["KeyName"]));
        Assert.Equal(["KeySecret"], account.Secrets);
        Assert.DoesNotContain(account.Settings, s => s.Value.Contains(KeySecret, StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(() => New().With("Banana", "1").Invoke());
        Assert.ThrowsAny<Exception>(() => New().With("KeyAlgorithm", "hmac-sha3").Invoke());
        Assert.ThrowsAny<Exception>(() => New().With("Ttl", 100000).Invoke());
    }

    [Fact]
    public void A_flag_is_a_switch_and_a_path_is_made_whole()
    {
        File.WriteAllText(Bench.File("acme.key"), $"key acme {{ algorithm hmac-sha256; secret \"{KeySecret}\"; }};");
        DnsAccount byFile = Assert.Single(Cmdlet<NewKmDnsAccountCommand>().With("Name", "file").With("Provider", "rfc2136").With("Server", "ns1.contoso.com").With("KeyPath", "acme.key").Invoke().OutputOf<DnsAccount>());
        Assert.Equal(Bench.File("acme.key"), byFile.Settings["KeyPath"]);
        DnsAccount open = Assert.Single(Cmdlet<NewKmDnsAccountCommand>().With("Name", "open").With("Provider", "Rfc2136").With("Server", "ns1.contoso.com").With("WithoutKey").With("Disabled").Invoke().OutputOf<DnsAccount>());
        Assert.Equal(("True", false), (open.Settings["WithoutKey"], open.Enabled));
    }

    [Fact]
    public void New_under_WhatIf_needs_no_store_and_a_wrong_service_is_told()
    {
        string store = Bench.File("none", "store.db");
        CmdletResult result = Run.Cmdlet<NewKmDnsAccountCommand>().With("StorePath", store).With("Name", "bind").With("Provider", "Rfc2136").With("Server", "x").With("WhatIf").Invoke();
        AssertClean(result);
        Assert.Single(result.Questions);
        Assert.False(File.Exists(store));
        AssertFails(Cmdlet<NewKmDnsAccountCommand>().With("Name", "x").With("Provider", "Rfc1").Invoke(), "KmDnsProviderNotFound", ErrorCategory.ObjectNotFound);
        AssertFails(Cmdlet<NewKmDnsAccountCommand>().With("Name", "x").With("Provider", "Rfc2136").Invoke(), "KmInvalidSetting", ErrorCategory.InvalidArgument);
    }

    [Fact]
    public void Set_changes_one_secret_or_setting_and_offers_those_of_the_service()
    {
        New().Invoke();
        AssertClean(Cmdlet<SetKmDnsAccountCommand>().With("DnsAccount", "bind").With("KeySecret", Secret("bmV3IHNlY3JldA==")).Invoke());
        Assert.Equal("30", Assert.Single(Cmdlet<SetKmDnsAccountCommand>().With("DnsAccount", "bind").With("Setting", new Hashtable { ["ttl"] = 30 }).Invoke().OutputOf<DnsAccount>()).Settings["Ttl"]);
        AssertFails(Cmdlet<SetKmDnsAccountCommand>().With("DnsAccount", "bind").Invoke(), "KmInvalidParameter", ErrorCategory.InvalidArgument);
        AssertFails(Cmdlet<SetKmDnsAccountCommand>().With("DnsAccount", "none").With("Ttl", 5).Invoke(), "KmDnsAccountNotFound", ErrorCategory.ObjectNotFound);
        AssertFails(Cmdlet<SetKmDnsAccountCommand>().With("DnsAccount", "bind").With("Setting", new Hashtable { ["KeySecret"] = "canary-4711" }).Invoke(), "KmInvalidSetting", ErrorCategory.InvalidArgument);
    }

    [Fact]
    public void Accounts_are_listed_switched_off_and_on_and_removed()
    {
        New().Invoke();
        Assert.False(Assert.Single(Cmdlet<DisableKmDnsAccountCommand>().With("DnsAccount", "bind").Invoke().OutputOf<DnsAccount>()).Enabled);
        Assert.True(Assert.Single(Cmdlet<EnableKmDnsAccountCommand>().With("DnsAccount", "bind").Invoke().OutputOf<DnsAccount>()).Enabled);
        Assert.Single(Cmdlet<GetKmDnsAccountCommand>().With("Name", "b*").With("Provider", "rfc2136").Invoke().Output);
        AssertFails(Cmdlet<GetKmDnsAccountCommand>().With("Name", "none").Invoke(), "KmDnsAccountNotFound", ErrorCategory.ObjectNotFound);
        AssertClean(Cmdlet<RemoveKmDnsAccountCommand>().Pipe(Bench.Services.DnsAccounts.Resolve("bind")).Invoke());
        Assert.Empty(Cmdlet<GetKmDnsAccountCommand>().Invoke().Output);
    }

    [Fact]
    public void A_domain_is_mapped_with_a_key_of_its_own_and_forgotten()
    {
        New().Invoke();
        CmdletResult result = Cmdlet<SetKmDomainMappingCommand>().With("DomainName", "contoso.com").With("DnsAccount", "bind").With("Zone", "contoso.com").With("KeyName", "own").With("KeySecret", Secret(KeySecret)).Invoke();
        AssertClean(result);
        DomainMapping mapping = Assert.Single(result.OutputOf<DomainMapping>());
        Assert.Equal(("bind", "contoso.com", "own"), (mapping.DnsAccount, mapping.Settings["Zone"], mapping.Settings["KeyName"]));
        Assert.Equal(["KeySecret"], mapping.Secrets);
        Assert.Single(Cmdlet<GetKmDomainMappingCommand>().With("DomainName", "*.com").Invoke().Output);
        AssertFails(Cmdlet<GetKmDomainMappingCommand>().With("DomainName", "fabrikam.com").Invoke(), "KmDomainMappingNotFound", ErrorCategory.ObjectNotFound);
        AssertClean(Cmdlet<RemoveKmDomainMappingCommand>().With("DomainName", "contoso.com").Invoke());
        Assert.Empty(Cmdlet<GetKmDomainMappingCommand>().Invoke().Output);
    }

    [Fact]
    public void A_test_answers_an_object_for_each_domain()
    {
        New().Invoke();
        AssertFails(Cmdlet<TestKmDnsAccountCommand>().With("DnsAccount", "bind").Invoke(), "KmInvalidParameter", ErrorCategory.InvalidArgument);
        Cmdlet<SetKmDnsAccountCommand>().With("DnsAccount", "bind").With("Setting", new Hashtable { ["Zone"] = "fabrikam.com" }).Invoke();
        DnsAccountTest test = Assert.Single(Cmdlet<TestKmDnsAccountCommand>().With("DnsAccount", "bind").With("DomainName", "contoso.com").Invoke().OutputOf<DnsAccountTest>());
        Assert.Equal((false, "FindZone", "KmDnsZoneNotFound"), (test.IsWorking, test.FailedStep, test.ErrorId));
    }

    private KeyManager.Tests.Support.CmdletRunner<NewKmDnsAccountCommand> New() => Cmdlet<NewKmDnsAccountCommand>()
        .With("Name", "bind").With("Provider", "Rfc2136").With("Server", "192.0.2.1").With("KeyName", "acme-key").With("KeySecret", Secret(KeySecret));
}
