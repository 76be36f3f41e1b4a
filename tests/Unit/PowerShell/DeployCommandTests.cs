using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using KeyManager.Commands;
using KeyManager.Deployments;
using KeyManager.Operations;
using KeyManager.Providers;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.PowerShell;

public sealed class DeployCommandTests : CmdletTests
{
    public DeployCommandTests() => Bench.Adjust = ports => ports with { DeployKinds = new DeployKindRegistry(KeyManagerHost.NewDeployKinds(Clock.System, ports.KeystoreFormats)) };

    private string Folder => Directory.CreateDirectory(Bench.File("out")).FullName;

    [Fact]
    public void The_settings_of_a_kind_are_parameters_and_its_secrets_are_never_shown()
    {
        CmdletResult result = Cmdlet<NewKmDeployTargetCommand>().With("Name", "web01").With("Kind", "ssh").With("HostName", "web01.contoso.com").With("Port", 2222).With("Recipe", "Nginx").With("Password", Secret("canary-4711")).Invoke();
        AssertClean(result);
        DeployTarget target = Assert.Single(result.OutputOf<DeployTarget>());
        Assert.Equal(("web01", "Ssh", "2222"), (target.Name, target.Kind, target.Settings["Port"]));
        Assert.Equal(["Password"], target.Secrets);
        Assert.DoesNotContain(target.Settings, s => s.Value.Contains("canary", StringComparison.Ordinal));
        AssertFails(Cmdlet<NewKmDeployTargetCommand>().With("Name", "x").With("Kind", "Telnet").Invoke(), "KmDeployKindNotFound", ErrorCategory.ObjectNotFound);
        AssertFails(Cmdlet<NewKmDeployTargetCommand>().With("Name", "x").With("Kind", "Ssh").Invoke(), "KmInvalidSetting", ErrorCategory.InvalidArgument);
        Assert.Equal("5", Assert.Single(Cmdlet<SetKmDeployTargetCommand>().With("DeployTarget", "web01").With("KeepVersions", 5).Invoke().OutputOf<DeployTarget>()).Settings["KeepVersions"]);
        AssertFails(Cmdlet<SetKmDeployTargetCommand>().With("DeployTarget", "web01").Invoke(), "KmInvalidParameter", ErrorCategory.InvalidArgument);
        Assert.Single(Cmdlet<GetKmDeployTargetCommand>().With("Name", "web*").Invoke().Output);
        AssertFails(Cmdlet<GetKmDeployTargetCommand>().With("Name", "none").Invoke(), "KmDeployTargetNotFound", ErrorCategory.ObjectNotFound);
        AssertClean(Cmdlet<RemoveKmDeployTargetCommand>().With("DeployTarget", "web01").Invoke());
        Assert.Empty(Cmdlet<GetKmDeployTargetCommand>().Invoke().Output);
    }

    [Fact]
    public void WhatIf_lists_each_file_right_and_command_and_writes_nothing()
    {
        Order("www.contoso.com");
        AssertClean(Cmdlet<NewKmDeployTargetCommand>().With("Name", "here").With("Kind", "Local").With("FullChainPath", Path.Combine(Folder, "{name}.crt")).With("PrivateKeyPath", Path.Combine(Folder, "{name}.key"))
            .With("KeyMode", "640").With("TestCommand", "app -t").With("ReloadCommand", "app reload").With("Endpoint", "localhost:8443").Invoke());

        CmdletResult result = Cmdlet<InstallKmCertificateCommand>().With("Certificate", "www.contoso.com").With("DeployTarget", "here").With("WhatIf").Invoke();

        AssertClean(result);
        string question = Assert.Single(result.Questions);
        Assert.Contains($"Write Key to {Path.Combine(Folder, "www.contoso.com.key")}, mode 640", question, StringComparison.Ordinal);
        Assert.Contains("Test with: app -t", question, StringComparison.Ordinal);
        Assert.Contains("Reload with: app reload", question, StringComparison.Ordinal);
        Assert.Contains("Look at localhost:8443", question, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public void A_mapped_certificate_is_deployed_as_soon_as_it_is_saved_and_again_when_it_is_renewed()
    {
        AssertClean(Cmdlet<NewKmDeployTargetCommand>().With("Name", "here").With("Kind", "Local").With("FullChainPath", Path.Combine(Folder, "{name}.crt")).With("Endpoint", "None").Invoke());
        AssertClean(Cmdlet<SetKmDomainMappingCommand>().With("DomainName", "contoso.com").With("DeployTarget", "here").Invoke());
        Assert.Equal(["here"], Assert.Single(Cmdlet<GetKmDomainMappingCommand>().Invoke().OutputOf<DomainMapping>()).DeployTargets);

        CmdletResult first = Order("www.contoso.com");
        Assert.Contains(first.Warnings, w => w.Contains("nobody saw it served", StringComparison.Ordinal));
        byte[] before = File.ReadAllBytes(Path.Combine(Folder, "www.contoso.com.crt"));
        AssertClean(Cmdlet<UpdateKmCertificateCommand>().With("Certificate", "www.contoso.com").With("Force").Invoke());
        Assert.NotEqual(before, File.ReadAllBytes(Path.Combine(Folder, "www.contoso.com.crt")));

        IReadOnlyList<Deployment> deployed = Cmdlet<GetKmDeployTargetCommand>().With("Name", "here").With("Deployment").Invoke().OutputOf<Deployment>().ToList();
        Assert.Equal([(2, DeploymentStatus.DeployedUnverified), (1, DeploymentStatus.Superseded)], deployed.Select(d => (d.Version, d.Status)));
        AssertFails(Cmdlet<RemoveKmDeployTargetCommand>().With("DeployTarget", "here").Invoke(), "KmDeployTargetInUse", ErrorCategory.InvalidOperation);
        AssertClean(Cmdlet<UninstallKmCertificateCommand>().With("Certificate", "www.contoso.com").Invoke());
        Assert.Empty(Directory.GetFiles(Folder));
        AssertFails(Cmdlet<UninstallKmCertificateCommand>().With("Certificate", "www.contoso.com").Invoke(), "KmCertificateNotDeployed", ErrorCategory.ObjectNotFound);
    }

    [Fact]
    public void A_target_that_fails_is_an_error_and_the_certificate_stays_saved()
    {
        AssertClean(Cmdlet<NewKmDeployTargetCommand>().With("Name", "gone").With("Kind", "Local").With("FullChainPath", Path.Combine(Folder, "none", "a.crt")).With("Endpoint", "None").Invoke());
        AssertClean(Cmdlet<SetKmDomainMappingCommand>().With("DomainName", "*").With("DeployTarget", "gone").Invoke());

        CmdletResult result = Order("www.contoso.com");

        AssertFails(result, "KmTargetRefused", ErrorCategory.WriteError);
        Assert.Equal(OrderStatus.Saved, Assert.Single(result.OutputOf<CertificateOrder>()).Status);
        AssertFails(Cmdlet<InstallKmCertificateCommand>().With("Certificate", "www.contoso.com").With("DeployTarget", "none").Invoke(), "KmDeployTargetNotFound", ErrorCategory.ObjectNotFound);
        AssertClean(Cmdlet<SetKmDomainMappingCommand>().With("DomainName", "*").With("DnsAccount", "").With("RecordName", "a.b").With("DeployTarget", "").Invoke());
        AssertFails(Cmdlet<InstallKmCertificateCommand>().With("Certificate", "www.contoso.com").Invoke(), "KmDomainNotMapped", ErrorCategory.ObjectNotFound);
    }

    private CmdletResult Order(string name)
    {
        if (Bench.Store.Read(s => s.Accounts.List()).Count == 0)
        {
            Bench.AddAccountAsync().GetAwaiter().GetResult();
        }

        CertificateOrder order = Assert.Single(Cmdlet<NewKmCertificateOrderCommand>().With("DomainName", name).Invoke().OutputOf<CertificateOrder>());
        return Cmdlet<InvokeKmChallengeCommand>().With("Order", order.Id).Invoke();
    }
}
