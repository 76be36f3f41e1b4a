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
    public async Task Where_nobody_can_answer_the_error_names_the_way_out()
    {
        _ = await Bench.AddAccountAsync();
        _ = await Bench.GetCertificateAsync("www.test");

        CmdletResult result = Cmdlet<RemoveKmCertificateCommand>().With("Certificate", "www.test")
            .Answering(_ => throw new PSInvalidOperationException("PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.")).Invoke();

        AssertFails(result, "KmConfirmationRequired", ErrorCategory.InvalidOperation);
        Assert.Contains("-Force", result.Error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        _ = Assert.Single(Bench.Listed());
    }
}
