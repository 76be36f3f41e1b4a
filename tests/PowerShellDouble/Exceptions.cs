namespace System.Management.Automation;

public interface IContainsErrorRecord
{
    ErrorRecord ErrorRecord { get; }
}

public class RuntimeException : SystemException, IContainsErrorRecord
{
    private readonly ErrorRecord _record;

    public RuntimeException()
    {
    }

    public RuntimeException(string message)
        : base(message)
    {
    }

    public RuntimeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public RuntimeException(string message, Exception innerException, ErrorRecord errorRecord)
        : base(message, innerException) => _record = errorRecord;

    public virtual ErrorRecord ErrorRecord => _record ?? new ErrorRecord(this, "RuntimeException", ErrorCategory.NotSpecified, null);
}

public class PipelineStoppedException() : RuntimeException("The pipeline has been stopped.");

public class CmdletInvocationException(string message, Exception inner, ErrorRecord record) : RuntimeException(message, inner, record);

public class ActionPreferenceStopException(ErrorRecord error)
    : RuntimeException("The running command stopped because the preference variable \"ErrorActionPreference\" is set to Stop.", error.Exception, error);

public class ValidationMetadataException(string message) : RuntimeException(message);

public class ArgumentTransformationMetadataException : RuntimeException
{
    public ArgumentTransformationMetadataException()
    {
    }

    public ArgumentTransformationMetadataException(string message)
        : base(message)
    {
    }

    public ArgumentTransformationMetadataException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

public class PSInvalidOperationException : InvalidOperationException
{
    public PSInvalidOperationException()
    {
    }

    public PSInvalidOperationException(string message)
        : base(message)
    {
    }
}

public class SessionStateException(string message) : RuntimeException(message);

public class ItemNotFoundException(string message) : SessionStateException(message);

public class DriveNotFoundException(string message) : SessionStateException(message);

public class ProviderNotFoundException(string message) : SessionStateException(message);

public abstract class FlowControlException : SystemException;

// Internal in PowerShell itself: what Select-Object -First throws through its upstream.
public sealed class StopUpstreamCommandsException : FlowControlException;
