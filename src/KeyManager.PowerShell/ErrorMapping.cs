using System;
using System.Globalization;
using System.Management.Automation;

namespace KeyManager.PowerShell;

/// <summary>Turns exceptions into error records: once, here, by kind and by id.</summary>
internal static class ErrorMapping
{
    /// <summary>The record of an exception.</summary>
    /// <param name="error">What went wrong.</param>
    /// <param name="target">The item it is about; null takes the target that the exception names.</param>
    public static ErrorRecord ToErrorRecord(Exception error, object? target = null) => error switch
    {
        KeyManagerException known => Known(known, target),
        // What PowerShell itself says (a drive that is not there, a script block that throws) is kept as it is.
        IContainsErrorRecord { ErrorRecord: { } record } => new ErrorRecord(record, error),
        _ => Unexpected(error, target),
    };

    /// <summary>Whether an exception that leaves ProcessRecordAsync ends the command or only fails its item.</summary>
    /// <param name="error">What left it.</param>
    /// <param name="expectingInput">
    /// True when items come through the pipeline: then a request that cannot be is a property of its item, and the other rows of a
    /// table still count.
    /// </param>
    public static bool EndsCommand(Exception error, bool expectingInput) => error switch
    {
        InvalidRequestException => !expectingInput,
        CredentialException or StoreException => true,
        KeyManagerException => false,
        IContainsErrorRecord => false,
        _ => true,
    };

    private static ErrorRecord Known(KeyManagerException error, object? target)
    {
        string message = error.Message;
        if (error.RetryAfter is { } time)
        {
            message += string.Format(CultureInfo.InvariantCulture, " Try again after {0:yyyy-MM-dd HH:mm:ss} UTC.", time.UtcDateTime);
        }

        return new ErrorRecord(error, error.ErrorId, ErrorCategories.Of(error), target ?? error.Target)
        {
            ErrorDetails = new ErrorDetails(message) { RecommendedAction = error.Remedy ?? "" },
        };
    }

    private static ErrorRecord Unexpected(Exception error, object? target) =>
        new(error, ErrorIds.Unexpected, ErrorCategory.NotSpecified, target)
        {
            ErrorDetails = new ErrorDetails(
                $"KeyManager met an error it did not expect ({error.GetType().FullName}): {SafeText.Of(error.Message)}")
            {
                RecommendedAction = "This is a defect. Please report it with the stack trace: $Error[0].Exception.ToString(). Look it over for names you do not want to publish.",
            },
        };
}
