#if NET // the services are those of Debian, where .NET Framework is not at home
using System.Threading.Tasks;
using Xunit;

namespace KeyManager.Tests.Deployments;

/// <summary>Recipes on their services: real reloads, real handshakes.</summary>
public sealed class LiveRecipeTests : LiveRecipeBase
{
    [Theory]
    [InlineData("HAProxy")]
    [InlineData("HAProxy for clients with certificates")]
    [InlineData("Apache")]
    [InlineData("PostgreSQL")]
    public Task A_renewal_is_served_what_is_not_taken_is_rolled_back_and_a_second_run_has_nothing_to_do(string recipe) => ProveAsync(recipe);
}
#endif
