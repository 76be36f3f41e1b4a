using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using KeyManager.TestCmdlets;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.PowerShell;

public sealed class KmCmdletTests
{
    [Fact]
    public void Everything_is_written_in_the_order_in_which_it_was_said()
    {
        CmdletResult result = Run.Cmdlet<GetKmTestNumberCommand>().With("Count", 2).With("DelayMilliseconds", 5).Invoke();

        Assert.Equal(
            ["verbose: verbose 1", "warning: warning 1", "progress: at 1", "output: 1", "verbose: verbose 2", "warning: warning 2", "progress: at 2", "output: 2"],
            result.Transcript);
        Assert.Null(result.Thrown);
    }

    [Fact]
    public void Ctrl_C_ends_a_long_wait_in_less_than_a_second()
    {
        CmdletResult result = Run.Cmdlet<WaitKmTestCommand>().StopAfter(TimeSpan.FromMilliseconds(200)).Invoke();

        Assert.IsType<PipelineStoppedException>(result.Thrown);
        Assert.Null(result.Terminating);
        Assert.Empty(result.Errors);
        Assert.InRange(result.AfterStop, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Ctrl_C_leaves_work_behind_that_does_not_listen()
    {
        CmdletResult result = Run.Cmdlet<WaitKmTestCommand>().With("Deaf").With("Seconds", 5).StopAfter(TimeSpan.FromMilliseconds(200)).Invoke();

        Assert.IsType<PipelineStoppedException>(result.Thrown);
        Assert.InRange(result.AfterStop, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Ctrl_C_waits_for_a_clean_up()
    {
        using TemporaryFolder folder = new();
        string file = folder.File("clean");

        CmdletResult result = Run.Cmdlet<WaitKmTestCommand>()
            .With("CleanUpPath", file).With("CleanUpSeconds", 1.5).StopAfter(TimeSpan.FromMilliseconds(100)).Invoke();

        Assert.IsType<PipelineStoppedException>(result.Thrown);
        Assert.True(File.Exists(file));
    }

    [Fact]
    public void Select_First_ends_the_work_and_its_exception_travels_unchanged()
    {
        CmdletResult result = Run.Cmdlet<GetKmTestNumberCommand>().With("Count", 1000).With("DelayMilliseconds", 20).First(2).Invoke();

        Assert.IsType<StopUpstreamCommandsException>(result.Thrown);
        Assert.Equal([1, 2], result.OutputOf<int>());
        Assert.True(result.Elapsed < TimeSpan.FromSeconds(10)); // all thousand take twenty
    }

    [Fact]
    public void What_the_next_command_throws_is_the_very_object_that_leaves()
    {
        RuntimeException thrown = new("mine");

        CmdletResult result = Run.Cmdlet<GetKmTestNumberCommand>().Into(_ => throw thrown).Invoke();

        Assert.Same(thrown, result.Thrown);
        Assert.Single(result.Output);
    }

    [Fact]
    public void Error_action_stop_travels_with_the_id_of_the_error()
    {
        CmdletResult result = Run.Cmdlet<InvokeKmTestErrorCommand>().With("Kind", "NotFound").With("Write").ErrorActionStop().Invoke();

        ActionPreferenceStopException stop = Assert.IsType<ActionPreferenceStopException>(result.Thrown);
        Assert.Equal("KmOrderNotFound,KeyManager.TestCmdlets.InvokeKmTestErrorCommand", stop.ErrorRecord.FullyQualifiedErrorId);
        Assert.Equal("target of NotFound", stop.ErrorRecord.TargetObject);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void Error_action_stop_travels_from_an_error_that_left_the_body()
    {
        CmdletResult result = Run.Cmdlet<InvokeKmTestErrorCommand>().With("Kind", "NotFound").ErrorActionStop().Invoke();

        Assert.Equal("order1", Assert.IsType<ActionPreferenceStopException>(result.Thrown).ErrorRecord.TargetObject);
    }

    [Fact]
    public void Warning_action_stop_ends_the_work_although_nobody_awaits_a_warning()
    {
        CmdletResult result = Run.Cmdlet<GetKmTestNumberCommand>().With("Count", 1000).With("DelayMilliseconds", 20).WarningActionStop().Invoke();

        Assert.IsType<ActionPreferenceStopException>(result.Thrown);
        Assert.Single(result.Warnings);
        Assert.True(result.Elapsed < TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_written_error_lets_the_command_go_on()
    {
        CmdletResult result = Run.Cmdlet<InvokeKmTestErrorCommand>().With("Kind", "NotFound").With("Write").Invoke();

        Assert.Equal(["after NotFound"], result.OutputOf<string>());
        Assert.Equal("KmOrderNotFound,KeyManager.TestCmdlets.InvokeKmTestErrorCommand", Assert.Single(result.Errors).FullyQualifiedErrorId);
    }

    [Fact]
    public void A_failed_item_is_one_error_and_the_others_are_done()
    {
        CmdletResult result = Run.Cmdlet<InvokeKmTestErrorCommand>().Pipe("NotFound", "None", "InvalidRequest", "RateLimit", "None").Invoke();

        Assert.Equal(["after None", "after None"], result.OutputOf<string>());
        Assert.Equal([ErrorIds.OrderNotFound, ErrorIds.InvalidDomainName, "KmRateLimited"], result.Errors.Select(e => e.FullyQualifiedErrorId.Split(',')[0]));
        Assert.Null(result.Terminating);
    }

    [Theory]
    [InlineData("InvalidRequest", ErrorIds.InvalidDomainName)]
    [InlineData("Credential", ErrorIds.WrongPassword)]
    [InlineData("Store", ErrorIds.StoreLocked)]
    [InlineData("Unexpected", ErrorIds.Unexpected)]
    [InlineData("Cancelled", ErrorIds.Unexpected)]
    public void What_concerns_the_whole_command_ends_it(string kind, string id)
    {
        CmdletResult result = Run.Cmdlet<InvokeKmTestErrorCommand>().With("Kind", kind).Invoke();

        Assert.NotNull(result.Terminating);
        Assert.StartsWith(id + ",", result.Terminating.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Credential")]
    [InlineData("Store")]
    [InlineData("Unexpected")]
    public void What_concerns_the_whole_command_ends_it_for_piped_items_too(string kind)
    {
        CmdletResult result = Run.Cmdlet<InvokeKmTestErrorCommand>().Pipe(kind, "None").Invoke();

        Assert.NotNull(result.Terminating);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void A_failure_before_the_first_item_ends_the_command()
    {
        CmdletResult result = Run.Cmdlet<InvokeKmTestErrorCommand>().With("AtBegin").Pipe("None").Invoke();

        Assert.Equal("order1", result.Terminating?.TargetObject);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void WhatIf_asks_for_every_item_and_does_nothing_even_with_force()
    {
        CmdletResult result = Run.Cmdlet<RemoveKmTestThingCommand>().With("Name", new[] { "a", "b" }).With("Force").With("WhatIf").Invoke();

        Assert.Equal(2, result.Questions.Count);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void The_WhatIf_preference_counts_as_WhatIf()
    {
        CmdletResult result = Run.Cmdlet<RemoveKmTestThingCommand>()
            .With("Name", "a").With("Force").WithVariable("WhatIfPreference", true).Answering(_ => false).Invoke();

        Assert.Single(result.Questions);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void Force_asks_nothing()
    {
        CmdletResult result = Run.Cmdlet<RemoveKmTestThingCommand>().With("Force").Pipe("a", "b").Answering(_ => false).Invoke();

        Assert.Empty(result.Questions);
        Assert.Equal(["removed a", "removed b"], result.OutputOf<string>());
    }

    [Fact]
    public void Force_asks_when_confirm_was_given_too()
    {
        CmdletResult result = Run.Cmdlet<RemoveKmTestThingCommand>().With("Name", "a").With("Force").With("Confirm").Answering(_ => false).Invoke();

        Assert.Single(result.Questions);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void A_no_skips_one_item()
    {
        CmdletResult result = Run.Cmdlet<RemoveKmTestThingCommand>().With("Name", new[] { "a", "b" }).Answering(q => !q.Contains("\"a\"", StringComparison.Ordinal)).Invoke();

        Assert.Equal(["removed b"], result.OutputOf<string>());
    }

    [Fact]
    public void A_question_may_have_words_of_its_own()
    {
        CmdletResult result = Run.Cmdlet<RemoveKmTestThingCommand>().With("Name", "a").With("Loud").Invoke();

        Assert.Equal(["Removes a for ever."], result.Questions);
    }

    [Fact]
    public void A_path_is_relative_to_the_session_not_to_the_process()
    {
        using TemporaryFolder folder = new();

        CmdletResult result = Run.Cmdlet<ResolveKmTestPathCommand>().InSet("New").With("Path", "./a.pem").At(folder.Path).Invoke();

        Assert.Equal([folder.File("a.pem")], result.OutputOf<string>());
    }

    [Fact]
    public void Wildcards_find_the_files_that_are_there()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("a.pem"), "");
        File.WriteAllText(folder.File("b.pem"), "");
        File.WriteAllText(folder.File("c.txt"), "");

        CmdletResult result = Run.Cmdlet<ResolveKmTestPathCommand>().InSet("Existing").With("Existing", "*.pem").At(folder.Path).Invoke();

        Assert.Equal([folder.File("a.pem"), folder.File("b.pem")], result.OutputOf<string>());
    }

    [Theory]
    [InlineData("New", "Path", "env:PATH", ErrorIds.InvalidParameter)]
    [InlineData("New", "Path", "nodrive:/a", ErrorIds.InvalidParameter)]
    [InlineData("New", "Path", " ", ErrorIds.InvalidParameter)]
    [InlineData("Existing", "Existing", "nothing-here.pem", ErrorIds.FileNotFound)]
    [InlineData("Existing", "Existing", "env:PATH", ErrorIds.InvalidParameter)]
    public void A_path_that_is_no_file_says_so(string set, string parameter, string path, string id) =>
        Assert.StartsWith(
            id + ",",
            Run.Cmdlet<ResolveKmTestPathCommand>().InSet(set).With(parameter, path).Invoke().Error.FullyQualifiedErrorId,
            StringComparison.Ordinal);

    [Fact]
    public void A_store_path_outside_of_the_file_system_ends_the_command()
    {
        CmdletResult result = Run.Cmdlet<GetKmTestNumberCommand>().With("StorePath", "env:PATH").Invoke();

        Assert.StartsWith(ErrorIds.InvalidParameter, result.Terminating?.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_of_one_activity_keeps_its_id()
    {
        CmdletResult result = Run.Cmdlet<GetKmTestNumberCommand>().With("Count", 3).Invoke();

        Assert.Single(result.Progress.Select(p => p.ActivityId).Distinct());
        Assert.Equal([33, 66, 100], result.Progress.Select(p => p.PercentComplete));
    }

    [Fact]
    public void Many_commands_at_once_neither_block_each_other_nor_lose_anything()
    {
        // Threads of their own, as the pipelines of ForEach-Object -Parallel have.
        CmdletResult[] results = new CmdletResult[32];
        List<Thread> pipelines = [.. results.Select((_, i) => new Thread(() =>
            results[i] = Run.Cmdlet<GetKmTestNumberCommand>().With("Count", 20).With("DelayMilliseconds", 1).Invoke()))];
        pipelines.ForEach(p => p.Start());
        pipelines.ForEach(p => p.Join());

        Assert.All(results, r => Assert.Equal(Enumerable.Range(1, 20), r.OutputOf<int>()));
    }
}
