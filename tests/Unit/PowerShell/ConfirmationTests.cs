using System;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Threading.Tasks;
using KeyManager.Commands;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.PowerShell;

public sealed class ConfirmationTests : CmdletTests
{
    [Fact]
    public async Task Where_nobody_can_answer_the_error_names_the_way_out_and_the_thing()
    {
        _ = await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync("www.test");

        CmdletResult result = Cmdlet<RemoveKmCertificateCommand>().With("Certificate", "www.test")
            .Answering(_ => throw new PSInvalidOperationException("PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.")).Invoke();

        AssertFails(result, "KmConfirmationRequired", ErrorCategory.InvalidOperation);
        Assert.Contains("-Force", result.Error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(certificate.Id, result.Error.TargetObject);
        Assert.Equal(certificate.Id, Cmdlet<RevokeKmCertificateCommand>().With("Certificate", "www.test").Answering(_ => throw new PSInvalidOperationException("Nobody.")).Invoke().Error.TargetObject);
        _ = Assert.Single(Bench.Listed());
    }
}
