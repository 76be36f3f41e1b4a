using System;
using System.Management.Automation;
using Newtonsoft.Json;
using KeyManager.PowerShell;
using Xunit;

namespace KeyManager.Tests.PowerShell;

public sealed class ErrorMappingTests
{
    public static TheoryData<Exception, ErrorCategory, bool> Kinds => new()
    {
        { new InvalidRequestException("KmX", "m"), ErrorCategory.InvalidArgument, true },
        { new NotFoundException("KmX", "m"), ErrorCategory.ObjectNotFound, false },
        { new ConflictException(ConflictKind.Exists, "KmX", "m"), ErrorCategory.ResourceExists, false },
        { new ConflictException(ConflictKind.Busy, "KmX", "m"), ErrorCategory.ResourceBusy, false },
        { new ConflictException(ConflictKind.State, "KmX", "m"), ErrorCategory.InvalidOperation, false },
        { new CredentialException("KmX", "m"), ErrorCategory.AuthenticationError, true },
        { new RateLimitException("KmX", "m"), ErrorCategory.LimitsExceeded, false },
        { new AuthorityException("KmX", "m"), ErrorCategory.InvalidResult, false },
        { new AuthorityException("KmX", "m", new JsonException()), ErrorCategory.ProtocolError, false },
        { new ChallengeException("KmX", "m"), ErrorCategory.InvalidResult, false },
        { new TransportException("KmX", "m"), ErrorCategory.ConnectionError, false },
        { new TransportException("KmX", "m", new TimeoutException()), ErrorCategory.OperationTimeout, false },
        { new KeyMaterialException("KmX", "m"), ErrorCategory.SecurityError, false },
        { new DeploymentException("KmX", "m"), ErrorCategory.WriteError, false },
        { new StoreException("KmX", "m"), ErrorCategory.ResourceUnavailable, true },
        { new StoreException(ErrorIds.StoreBusy, "m"), ErrorCategory.ResourceBusy, true },
        { new StoreException(ErrorIds.StoreCorrupt, "m"), ErrorCategory.InvalidData, true },
        { new InvalidOperationException("m"), ErrorCategory.NotSpecified, true },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_has_its_category_and_knows_whether_it_ends_the_command(Exception error, ErrorCategory category, bool ends)
    {
        Assert.Equal(category, ErrorMapping.ToErrorRecord(error).CategoryInfo.Category);
        Assert.Equal(ends, ErrorMapping.EndsCommand(error, expectingInput: false));
    }

    [Fact]
    public void A_bad_request_from_the_pipeline_is_one_bad_item() =>
        Assert.False(ErrorMapping.EndsCommand(new InvalidRequestException("KmX", "m"), expectingInput: true));

    [Fact]
    public void The_record_carries_id_target_message_and_remedy()
    {
        NotFoundException error = new("KmX", "It is not there.") { Target = "it", Remedy = "Make one." };

        ErrorRecord record = ErrorMapping.ToErrorRecord(error);

        Assert.Equal("KmX", record.FullyQualifiedErrorId);
        Assert.Equal("it", record.TargetObject);
        Assert.Equal("It is not there.", record.ErrorDetails.Message);
        Assert.Equal("Make one.", record.ErrorDetails.RecommendedAction);
        Assert.Same(error, record.Exception);
    }

    [Fact]
    public void The_item_that_the_cmdlet_names_wins_over_the_target_of_the_exception() =>
        Assert.Equal("row", ErrorMapping.ToErrorRecord(new NotFoundException("KmX", "m") { Target = "it" }, "row").TargetObject);

    [Fact]
    public void A_time_to_try_again_is_in_the_message()
    {
        RateLimitException error = new("KmX", "Too many.") { RetryAfter = new DateTimeOffset(2030, 1, 2, 5, 4, 5, TimeSpan.FromHours(2)) };

        Assert.Equal("Too many. Try again after 2030-01-02 03:04:05 UTC.", ErrorMapping.ToErrorRecord(error).ErrorDetails.Message);
    }

    [Fact]
    public void An_unexpected_error_asks_to_be_reported_and_shows_no_secret()
    {
        ErrorRecord record = ErrorMapping.ToErrorRecord(new InvalidOperationException("GET https://u:pw@ca.example/x?key=abc failed, token=Secret123"));

        Assert.Equal(ErrorIds.Unexpected, record.FullyQualifiedErrorId);
        Assert.Contains("InvalidOperationException", record.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Contains("report", record.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotContain("pw@", record.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("abc", record.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret123", record.ErrorDetails.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_PowerShell_says_is_kept()
    {
        ErrorRecord own = new(new RuntimeException("no"), "TheirId", ErrorCategory.SyntaxError, "x");

        Assert.Equal("TheirId", ErrorMapping.ToErrorRecord(new RuntimeException("no", null, own)).FullyQualifiedErrorId);
    }

    [Theory]
    [InlineData("plain text stays", "plain text stays")]
    [InlineData("-----BEGIN EC PRIVATE KEY-----\nMHc\n-----END EC PRIVATE KEY----- rest", "*** rest")]
    [InlineData("Authorization: Bearer abc.def", "Authorization: *** ***")]
    [InlineData("password='hunter22'", "password='***'")]
    public void Secrets_are_taken_out_of_foreign_text(string text, string clean) => Assert.Equal(clean, SafeText.Of(text));
}
