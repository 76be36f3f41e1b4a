using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using KeyManager.Operations;
using KeyManager.PowerShell;
using Xunit;

namespace KeyManager.Tests.PowerShell;

public sealed class StoreCompleterTests
{
    [Theory]
    [InlineData("", "alpha", "'beta gamma'", "*.contoso.com", "'it''s'")]
    [InlineData("AL", "alpha")]
    [InlineData("'beta", "'beta gamma'")]
    [InlineData("*ta", "'beta gamma'")]
    [InlineData("*.con", "*.contoso.com")]
    [InlineData("zzz")]
    public void It_offers_what_fits_and_quotes_what_needs_it(string word, params string[] expected)
    {
        Names completer = new("alpha", "beta gamma", "*.contoso.com", "it's", "ALPHA");

        Assert.Equal(expected.Order(StringComparer.Ordinal), Complete(completer, word).Select(r => r.CompletionText).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_slow_store_costs_a_fifth_of_a_second_and_offers_nothing()
    {
        Stopwatch watch = Stopwatch.StartNew();

        Assert.Empty(Complete(new Names("a") { OpenServices = _ => Slow() }, ""));
        Assert.True(watch.Elapsed < TimeSpan.FromMilliseconds(600), watch.Elapsed.ToString());
    }

    [Fact]
    public void An_error_is_silent() =>
        Assert.Empty(Complete(new Names("a") { OpenServices = _ => throw new StoreException(ErrorIds.StoreLocked, "locked") }, ""));

    [Fact]
    public void Null_arguments_are_no_reason_to_throw() =>
        Assert.Single(new Names("a").CompleteArgument(null!, null!, null!, null!, null!));

    [Fact]
    public void The_store_on_the_command_line_is_the_one_that_is_asked()
    {
        string? asked = null;
        Names completer = new("a")
        {
            OpenServices = path =>
            {
                asked = path;
                return Unused;
            },
        };

        string path = Path.GetFullPath(Path.Combine("srv", "km"));
        _ = completer.CompleteArgument("", "", "", null!, new Hashtable { ["StorePath"] = path }).ToList();

        Assert.Equal(path, asked);
    }

    [Fact]
    public void A_tool_tip_tells_more_and_is_never_empty()
    {
        List<CompletionResult> results = [.. Complete(new Names("a", "b") { Tip = n => n == "a" ? "valid" : "" }, "")];

        Assert.Equal(["valid", "b"], results.Select(r => r.ToolTip));
    }

    // The completers here ask nothing of it.
    private static KeyManagerServices Unused => null!;

    private static IEnumerable<CompletionResult> Complete(StoreCompleter completer, string word) =>
        completer.CompleteArgument("Get-KmX", "Name", word, null!, new Hashtable());

    private static KeyManagerServices Slow()
    {
        Thread.Sleep(3000);
        return Unused;
    }

    private sealed class Names : StoreCompleter
    {
        private readonly string[] _names;

        public Names(params string[] names)
        {
            _names = names;
            OpenServices = _ => Unused;
        }

        public Func<string, string?> Tip { get; init; } = _ => null;

        protected override IEnumerable<CompletionCandidate> GetCandidates(KeyManagerServices services, IDictionary boundParameters) =>
            _names.Select(n => new CompletionCandidate(n, Tip(n)));
    }
}
