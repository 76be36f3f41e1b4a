using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

/// <summary>Ten years of sweeps on a schedule, by a clock that is told.</summary>
public sealed class RenewalYearsTests : OperationTests
{
    private const int Days = 3652;

    [Theory]
    [InlineData(47, 5, 48, 1 / 3.0)]
    [InlineData(6, 1, 12, 1 / 2.0)]
    public async Task Ten_years_pass_without_a_certificate_that_ran_out_or_was_renewed_for_nothing(int life, int entries, int hoursBetweenSweeps, double lifeLeft)
    {
        Bench.Plain.Certificate = order => Bench.Plain.Issue(order.Csr!, TimeSpan.FromDays(life));
        Bench.AddScripted(Bench.Plain);
        for (int i = 1; i <= entries; i++)
        {
            await Bench.GetCertificateAsync($"a{i}.test");
        }

        DateTimeOffset end = Bench.Clock.UtcNow.AddDays(Days);
        int renewals = 0;
        while (Bench.Clock.UtcNow < end)
        {
            Bench.Clock.Advance(TimeSpan.FromHours(hoursBetweenSweeps));
            foreach (RenewalResult result in await Bench.SweepAsync())
            {
                renewals++;
                Assert.Equal(RenewalOutcome.Renewed, result.Outcome);
                Assert.True((result.NotAfter - Bench.Clock.UtcNow).TotalDays > life * 0.99, $"{result.Name} at {Bench.Clock.UtcNow}");
            }

            Assert.All(Bench.Listed(), c => Assert.True(c.NotAfter > Bench.Clock.UtcNow.AddDays(life / 4.0), $"{c} at {Bench.Clock.UtcNow}"));
        }

        double fewest = Days / (life * (1 - lifeLeft)) * entries;
        Assert.InRange(renewals, fewest * 0.8, fewest);
    }
}
