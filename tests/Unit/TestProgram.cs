using System;
using System.Linq;
using System.Runtime.InteropServices;
using KeyManager.Tests.Support;
using Xunit.Runner.InProc.SystemConsole;

namespace KeyManager.Tests;

/// <summary>The tests' program in the place of xunit's own: it is also the child process of some tests.</summary>
internal static class TestProgram
{
    private static int Main(string[] arguments)
    {
        int outcome = ChildProcess.IsHere ? ChildProcess.Run() : RunTests(arguments);
        if (MonoRuntime.IsHere)
        {
            // Mono 6.8 now and then aborts its timer thread, or waits for ever, while it takes itself down. So it is not asked to, with everything reported.
            Console.Out.Flush();
            ExitNow(outcome);
        }

        return outcome;
    }

    private static int RunTests(string[] arguments)
    {
#if NET
        if (arguments.Any(argument => argument is "--server" or "--internal-msbuild-node"))
        {
            return Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(arguments, SelfRegisteredExtensions.AddSelfRegisteredExtensions).GetAwaiter().GetResult();
        }
#endif
        return ConsoleRunner.Run(arguments).GetAwaiter().GetResult();
    }

    [DllImport("libc", EntryPoint = "_exit")]
    private static extern void ExitNow(int status);
}
