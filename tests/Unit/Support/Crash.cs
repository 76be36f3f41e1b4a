using System;
using System.Threading.Tasks;
using KeyManager.Operations;
using Xunit;

namespace KeyManager.Tests.Support;

/// <summary>Lets a command die at any of its changes to the store, as a process that is killed does.</summary>
public static class Crash
{
    /// <summary>The draft, the placing, the answer, the certificate: a run that is shorter has not gone through every step.</summary>
    public const int FewestSteps = 4;

    /// <summary>Does it for each step until there is none left.</summary>
    /// <param name="crashAt">Lets the command die at the step with this number; false when it came to its end before.</param>
    public static async Task ForEachStepAsync(Func<int, Task<bool>> crashAt)
    {
        int step = 1;
        while (await crashAt(step))
        {
            step++;
        }

        Assert.True(step > FewestSteps, $"Only {step - 1} steps were seen.");
    }

    /// <summary>Runs the command in a process that dies at the given change; false when it came to its end before.</summary>
    public static async Task<bool> AtAsync(TestBench bench, int step, CrashMoment moment, Func<KeyManagerServices, Task> command)
    {
        int stepsBefore = bench.Store.Writes;
        bool dead = false;
        void Die(int number)
        {
            // What is dead writes nothing more, whatever its finally blocks try.
            if (dead || number == stepsBefore + step)
            {
                dead = true;
                throw new Death();
            }
        }

        bench.Store.BeforeWrite = _ => Die(0);
        bench.Store.InWrite = moment == CrashMoment.Within ? Die : null;
        bench.Store.AfterWrite = moment == CrashMoment.After ? Die : null;
        try
        {
            await command(bench.Services);
            return false;
        }
        catch (Death)
        {
            return true;
        }
        finally
        {
            bench.Store.BeforeWrite = bench.Store.InWrite = bench.Store.AfterWrite = null;
        }
    }

    public static KeyManagerServices NewProcess(TestBench bench)
    {
        // The lease of the dead has run out.
        bench.Clock.Advance(TimeSpan.FromMinutes(3));
        return bench.AnotherProcess();
    }

#pragma warning disable CA1032, CA1064 // not an error of the product, and nobody else catches it
    private sealed class Death : Exception;
#pragma warning restore CA1032, CA1064
}
