using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;
using KeyManager.Providers.Storage;
using KeyManager.Storage;

namespace KeyManager.Tests.Support;

/// <summary>
/// A second process that works on a store. It is this test program again: a variable tells it what to do in the place of running tests.
/// </summary>
public static class ChildProcess
{
    private const string Task = "KM_TEST_CHILD";

    public static Process Start(string task, string storePath, string folder)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "KeyManager.Tests");
        ProcessStartInfo start = new(MonoRuntime.IsHere ? "mono" : OperatingSystem.IsWindows() ? program + ".exe" : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        if (MonoRuntime.IsHere)
        {
            start.ArgumentList.Add(program + ".exe");
        }
        else if (!OperatingSystem.IsWindows())
        {
            start.ArgumentList.Add("exec");
            start.ArgumentList.Add(program + ".dll");
        }

        start.Environment[Task] = task;
        start.Environment["KM_TEST_STORE"] = storePath;
        start.Environment["KM_TEST_FOLDER"] = folder;
        return Process.Start(start)!;
    }

    /// <summary>Waits for the line, or fails with what the child said.</summary>
    public static void Expect(Process child, string line)
    {
        string? said = child.StandardOutput.ReadLine();
        if (said != line)
        {
            throw new InvalidOperationException($"The child said '{said}': {child.StandardError.ReadToEnd()}");
        }
    }

    /// <summary>Waits for its end, or fails with what it said.</summary>
    public static void ExpectSuccess(Process child)
    {
        if (!child.WaitForExit(60_000))
        {
            child.Kill();
            throw new InvalidOperationException("The child hangs.");
        }

        if (child.ExitCode != 0)
        {
            throw new InvalidOperationException($"The child failed: {child.StandardError.ReadToEnd()}");
        }
    }

    /// <summary>True in the child.</summary>
    internal static bool IsHere => Environment.GetEnvironmentVariable(Task) is not null;

    /// <summary>Does what the child was started for, and answers its exit code.</summary>
    internal static int Run()
    {
        try
        {
            Run(Environment.GetEnvironmentVariable(Task)!, Environment.GetEnvironmentVariable("KM_TEST_STORE")!, Environment.GetEnvironmentVariable("KM_TEST_FOLDER")!);
            return 0;
        }
        catch (Exception e)
        {
            Console.Error.WriteLine(e);
            return 1;
        }
    }

    private static void Run(string task, string path, string folder)
    {
        StoreLocation location = new(path, StoreScope.CurrentUser);
        StoreOptions options = new() { Environment = new TestEnvironment(folder) { Windows = false } };
        Console.WriteLine("ready");
        switch (task)
        {
            case "create":
                // All children start at the same moment.
                Console.ReadLine();
                using (SqliteStore store = SqliteStore.Open(location, new FakeClock(), createIfMissing: true, options))
                {
                    store.Write(s => s.Secrets.Put(SecretRef.PrivateKey(Identifier.New()), [1]));
                    Console.WriteLine(store.GetInfo().Id);
                }

                break;
            case "write":
                using (SqliteStore store = SqliteStore.Open(location, new FakeClock(), createIfMissing: false, options))
                {
                    for (int i = 0; i < 100; i++)
                    {
                        store.Write(s =>
                        {
                            s.Orders.Add(Some.Order());
                            s.Audit.Append(new AuditEntry("Order", "OrderCreated"));
                        });
                    }
                }

                break;
            case "die":
                SqliteStore dying = SqliteStore.Open(location, new FakeClock(), createIfMissing: false, options);
                dying.Write(s => s.Settings.Put("before", "kept"));
                dying.Write(s =>
                {
                    s.Settings.Put("during", "lost");
                    s.Audit.Append(new AuditEntry("Order", "Lost"));
                    Console.WriteLine("in the middle");
                    Thread.Sleep(Timeout.Infinite);
                });
                break;
            case string order when order.StartsWith("order ", StringComparison.Ordinal):
                using (SqliteStore store = SqliteStore.Open(location, new FakeClock(), createIfMissing: false, options))
                {
                    OrderingChild.Run(store, folder, int.Parse(order.Substring(6), CultureInfo.InvariantCulture));
                }

                break;
            case string sweep when sweep.StartsWith("sweep ", StringComparison.Ordinal):
                using (SqliteStore store = SqliteStore.Open(location, SweepingChild.NewClock(), createIfMissing: false, options))
                {
                    SweepingChild.Run(store, folder, int.Parse(sweep.Substring(6), CultureInfo.InvariantCulture));
                }

                break;
            default:
                throw new InvalidOperationException(task);
        }
    }
}
