using System;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Providers.Challenges;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Challenges;

public sealed class WebRootSolverTests : IDisposable
{
    private const string Token = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0";

    private readonly string _root = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "km-web-" + Guid.NewGuid().ToString("N"))).FullName;
    private readonly DirectFileWriter _files = new();
    private readonly WebRootSolver _solver;

    public WebRootSolverTests() => _solver = new WebRootSolver(_files);

    private string PublishedFile => Path.Combine(_root, ".well-known", "acme-challenge", Token);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task The_value_is_published_where_authorities_look_for_it()
    {
        await PresentAsync(Http());

        Assert.Equal("token.thumbprint", File.ReadAllText(PublishedFile));
        Assert.False(Assert.Single(_files.Written).IsPrivate);
    }

    [Fact]
    public async Task Everybody_may_read_what_is_published()
    {
        Assert.SkipWhen(RuntimeInformation.IsOSPlatform(OSPlatform.Windows), "Windows has no file modes; files inherit their rights.");

        await PresentAsync(Http());

        Assert.Equal("644", ModeOf(PublishedFile));
        Assert.Equal("755", ModeOf(Path.GetDirectoryName(PublishedFile)!));
        Assert.Equal("755", ModeOf(Path.Combine(_root, ".well-known")));
    }

    [Fact]
    public async Task Folders_that_were_there_keep_their_mode()
    {
        Assert.SkipWhen(RuntimeInformation.IsOSPlatform(OSPlatform.Windows), "Windows has no file modes; files inherit their rights.");
        string folder = Directory.CreateDirectory(Path.Combine(_root, ".well-known")).FullName;
        UnixMode.Set(folder, 0x1E8); // rwxr-x---

        await PresentAsync(Http());

        Assert.Equal("750", ModeOf(folder));
    }

    [Fact]
    public async Task Publishing_twice_changes_nothing()
    {
        await PresentAsync(Http());
        await PresentAsync(Http());

        Assert.Equal("token.thumbprint", File.ReadAllText(PublishedFile));
    }

    [Fact]
    public async Task Clean_up_leaves_the_web_root_as_it_was()
    {
        await PresentAsync(Http());
        await CleanUpAsync(Http());

        Assert.Empty(Directory.GetFileSystemEntries(_root));
    }

    [Fact]
    public async Task Clean_up_leaves_what_was_there_before()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PublishedFile)!);

        await PresentAsync(Http());
        await CleanUpAsync(Http());

        Assert.True(Directory.Exists(Path.GetDirectoryName(PublishedFile)));
        Assert.False(File.Exists(PublishedFile));
    }

    [Fact]
    public async Task Clean_up_of_one_challenge_leaves_another_one_alone()
    {
        Challenge other = Http() with { Id = "2", Token = "other" };
        await PresentAsync(Http());
        await PresentAsync(other);

        await CleanUpAsync(Http());
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(PublishedFile)!, "other")));

        await CleanUpAsync(other);
        Assert.Empty(Directory.GetFileSystemEntries(_root));
    }

    [Fact]
    public async Task Clean_up_works_when_nothing_was_published()
    {
        await CleanUpAsync(Http());
        Directory.CreateDirectory(Path.GetDirectoryName(PublishedFile)!);
        await CleanUpAsync(Http());

        Assert.True(Directory.Exists(Path.GetDirectoryName(PublishedFile)));
    }

    [Fact]
    public async Task Clean_up_works_when_the_web_root_is_gone()
    {
        CertificateOrder order = Order() with { WebRootPath = Path.Combine(_root, "gone") };

        await _solver.CleanUpAsync(Context(order), Http(), CancellationToken.None);

        Assert.False(Directory.Exists(order.WebRootPath));
    }

    [Fact]
    public async Task A_folder_that_another_order_takes_away_meanwhile_is_made_again()
    {
        int count = 0;
        _files.Before = _ =>
        {
            if (count++ == 0)
            {
                Directory.Delete(Path.Combine(_root, ".well-known"), recursive: true);
            }
        };

        await PresentAsync(Http());

        Assert.True(File.Exists(PublishedFile));
        await CleanUpAsync(Http());
        Assert.Empty(Directory.GetFileSystemEntries(_root));
    }

    [Theory]
    [InlineData("../../../etc/cron.d/x")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a.b")]
    [InlineData("a:b")]
    [InlineData("a\0b")]
    [InlineData("tokén")]
    [InlineData("")]
    [InlineData(null)]
    public async Task A_token_that_is_no_token_never_becomes_a_path(string? token)
    {
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => PresentAsync(Http() with { Token = token }));

        Assert.Equal(ErrorIds.ChallengeNotPublished, error.ErrorId);
        await Assert.ThrowsAsync<ChallengeException>(() => CleanUpAsync(Http() with { Token = token }));
        Assert.Empty(Directory.GetFileSystemEntries(_root));
    }

    [Fact]
    public async Task A_missing_web_root_is_not_made()
    {
        string missing = Path.Combine(_root, "htdocs");

        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => _solver.PresentAsync(Context(Order() with { WebRootPath = missing }), Http(), CancellationToken.None));

        Assert.Equal(ErrorIds.ChallengeNotPublished, error.ErrorId);
        Assert.Contains(missing, error.Message, StringComparison.Ordinal);
        Assert.Contains("-WebRootPath", error.Remedy, StringComparison.Ordinal);
        Assert.False(Directory.Exists(missing));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_named()
    {
        File.WriteAllText(Path.Combine(_root, ".well-known"), "a file in the way");

        DeploymentException error = await Assert.ThrowsAsync<DeploymentException>(() => PresentAsync(Http()));

        Assert.Equal(ErrorIds.FileNotWritable, error.ErrorId);
        Assert.Contains(_root, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_challenge_without_a_value_is_not_published() =>
        await Assert.ThrowsAsync<ChallengeException>(() => PresentAsync(Http() with { Value = null }));

    [Theory]
    [InlineData(ChallengeType.Http01, true, true)]
    [InlineData(ChallengeType.Http01, false, false)]
    [InlineData(ChallengeType.Dns01, true, false)]
    [InlineData(ChallengeType.TlsAlpn01, true, false)]
    public void Only_http_challenges_of_orders_with_a_web_root_are_solved(ChallengeType type, bool hasRoot, bool solved) =>
        Assert.Equal(solved, _solver.CanSolve(Order() with { WebRootPath = hasRoot ? _root : null }, Http() with { Type = type }));

    [Fact]
    public async Task What_is_published_is_what_the_probe_finds()
    {
        using ScriptedWebServer server = new(request =>
        {
            string path = Path.Combine([_root, .. request.Path.Split(['/'], StringSplitOptions.RemoveEmptyEntries)]);
            return File.Exists(path) ? ScriptedWebServer.Ok(File.ReadAllText(path)) : ScriptedWebServer.Status("404 Not Found");
        });
        Uri url = new($"http://www.contoso.test/.well-known/acme-challenge/{Token}");
        ValidationProbe probe = new(Clock.System);

        await PresentAsync(Http());
        Assert.Equal("token.thumbprint", await probe.GetFileAsync(url, server.Address, CancellationToken.None));

        await CleanUpAsync(Http());
        await Assert.ThrowsAsync<ChallengeException>(() => probe.GetFileAsync(url, server.Address, CancellationToken.None));
    }

    private static Challenge Http() => new()
    {
        Id = "1", OrderId = "order", DomainName = DomainName.Parse("www.contoso.test"), Type = ChallengeType.Http01, Token = Token, Value = "token.thumbprint",
    };

    private static string ModeOf(string path)
    {
        using Process process = Process.Start(new ProcessStartInfo("stat", $"-c %a \"{path}\"") { RedirectStandardOutput = true, UseShellExecute = false })!;
        string mode = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return mode;
    }

    private CertificateOrder Order() => new()
    {
        Id = "order", Name = "www.contoso.test", DomainNames = [DomainName.Parse("www.contoso.test")], AccountId = "account", Account = "account", Authority = "local",
        CreatedAt = default, UpdatedAt = default, WebRootPath = _root,
    };

    private Task PresentAsync(Challenge challenge) => _solver.PresentAsync(Context(Order()), challenge, CancellationToken.None);

    private Task CleanUpAsync(Challenge challenge) => _solver.CleanUpAsync(Context(Order()), challenge, CancellationToken.None);

    private static SolverContext Context(CertificateOrder order) => new(order, new CollectingReporter(), null);
}
