#if !NET
using System;
using System.Runtime.InteropServices;
using KeyManager.Tests.Support;
using Xunit.Runner.InProc.SystemConsole;

namespace KeyManager.Tests;

/// <summary>
/// The tests' program where xunit's own cannot be it: Mono 6.8 now and then aborts its timer thread, or waits for ever, while it takes itself down. So it is
/// not asked to: behind the last test, with everything reported, the process ends at once.
/// </summary>
internal static class MonoProgram
{
    private static int Main(string[] arguments)
    {
        int outcome = ConsoleRunner.Run(arguments).GetAwaiter().GetResult();
        Console.Out.Flush();
        if (MonoRuntime.IsHere)
        {
            ExitNow(outcome);
        }

        return outcome;
    }

    [DllImport("libc", EntryPoint = "_exit")]
    private static extern void ExitNow(int status);
}
#endif
