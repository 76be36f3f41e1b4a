namespace System.Management.Automation;

public class ErrorRecord
{
    private readonly string _errorId;

    public ErrorRecord(Exception exception, string errorId, ErrorCategory errorCategory, object targetObject)
    {
        Exception = exception ?? throw new ArgumentNullException(nameof(exception));
        _errorId = errorId ?? "";
        TargetObject = targetObject;
        CategoryInfo = new ErrorCategoryInfo(errorCategory);
    }

    public ErrorRecord(ErrorRecord errorRecord, Exception replaceParentContainsErrorRecordException)
    {
        Exception = replaceParentContainsErrorRecordException ?? errorRecord.Exception;
        _errorId = errorRecord._errorId;
        TargetObject = errorRecord.TargetObject;
        CategoryInfo = errorRecord.CategoryInfo;
        ErrorDetails = errorRecord.ErrorDetails;
        Command = errorRecord.Command;
    }

    public Exception Exception { get; }

    public object TargetObject { get; }

    public ErrorCategoryInfo CategoryInfo { get; }

    public ErrorDetails ErrorDetails { get; set; }

    public string FullyQualifiedErrorId => Command is null ? _errorId : _errorId + "," + Command;

    public string Command { get; set; }

    public override string ToString() => ErrorDetails?.Message ?? Exception.Message;
}

public class ErrorCategoryInfo(ErrorCategory category)
{
    public ErrorCategory Category { get; } = category;

    public string Activity { get; set; } = "";

    public string Reason { get; set; } = "";

    public string TargetName { get; set; } = "";
}

public class ErrorDetails(string message)
{
    public string Message { get; } = message;

    public string RecommendedAction { get; set; } = "";
}

public enum ErrorCategory
{
    NotSpecified,
    OpenError,
    CloseError,
    DeviceError,
    DeadlockDetected,
    InvalidArgument,
    InvalidData,
    InvalidOperation,
    InvalidResult,
    InvalidType,
    MetadataError,
    NotImplemented,
    NotInstalled,
    ObjectNotFound,
    OperationStopped,
    OperationTimeout,
    SyntaxError,
    ParserError,
    PermissionDenied,
    ResourceBusy,
    ResourceExists,
    ResourceUnavailable,
    ReadError,
    WriteError,
    FromStdErr,
    SecurityError,
    ProtocolError,
    ConnectionError,
    AuthenticationError,
    LimitsExceeded,
    QuotaExceeded,
    NotEnabled,
}
