using System;
using System.Collections.Generic;
using System.Management.Automation;

namespace KeyManager.PowerShell;

/// <summary>The category of every error: by id where the id says more than the kind of exception.</summary>
internal static class ErrorCategories
{
    private static readonly Dictionary<string, ErrorCategory> ById = new(StringComparer.Ordinal)
    {
        [ErrorIds.StoreNotFound] = ErrorCategory.ObjectNotFound,
        [ErrorIds.StoreAlreadyExists] = ErrorCategory.ResourceExists,
        [ErrorIds.StoreLocked] = ErrorCategory.AuthenticationError,
        [ErrorIds.StoreBusy] = ErrorCategory.ResourceBusy,
        [ErrorIds.StoreCorrupt] = ErrorCategory.InvalidData,
        [ErrorIds.StoreNotWritable] = ErrorCategory.WriteError,
        [ErrorIds.StoreFull] = ErrorCategory.WriteError,
        [ErrorIds.StoreRightsTooWide] = ErrorCategory.SecurityError,
        [ErrorIds.StoreVersionTooNew] = ErrorCategory.InvalidOperation,
        [ErrorIds.ProtectorUnavailable] = ErrorCategory.ResourceUnavailable,
        [ErrorIds.ProtectorNotFound] = ErrorCategory.ObjectNotFound,
        [ErrorIds.ProtectorAlreadyExists] = ErrorCategory.ResourceExists,
        [ErrorIds.LastProtector] = ErrorCategory.InvalidOperation,
        [ErrorIds.WrongPassword] = ErrorCategory.SecurityError,
        [ErrorIds.SecretUndecryptable] = ErrorCategory.SecurityError,
        [ErrorIds.AuditTrailBroken] = ErrorCategory.InvalidData,
        [ErrorIds.NameAlreadyExists] = ErrorCategory.ResourceExists,
        [ErrorIds.AccountDeactivated] = ErrorCategory.InvalidOperation,
        [ErrorIds.AdministratorRequired] = ErrorCategory.PermissionDenied,
        [ErrorIds.AuthorityRetired] = ErrorCategory.InvalidOperation,
        [ErrorIds.AuthorityNotTrusted] = ErrorCategory.SecurityError,
        [ErrorIds.AuthorityUnavailable] = ErrorCategory.ResourceUnavailable,
        [ErrorIds.AuthorityAnswerUnreadable] = ErrorCategory.ProtocolError,
        [ErrorIds.UserActionRequired] = ErrorCategory.PermissionDenied,
        [ErrorIds.CaaForbids] = ErrorCategory.PermissionDenied,
        [ErrorIds.ProfileNotFound] = ErrorCategory.InvalidArgument,
        [ErrorIds.ScriptFailed] = ErrorCategory.InvalidResult,
        [ErrorIds.DnsAccountDisabled] = ErrorCategory.InvalidOperation,
        [ErrorIds.DnsRightMissing] = ErrorCategory.PermissionDenied,
        [ErrorIds.RightMissing] = ErrorCategory.PermissionDenied,
        [ErrorIds.DnsNotTrusted] = ErrorCategory.SecurityError,
        [ErrorIds.DnsUnavailable] = ErrorCategory.ResourceUnavailable,
        [ErrorIds.DnsAnswerUnreadable] = ErrorCategory.ProtocolError,
        [ErrorIds.DnsNameOccupied] = ErrorCategory.ResourceExists,
        [ErrorIds.DnsRecordSetFull] = ErrorCategory.LimitsExceeded,
        [ErrorIds.DeployKindNotFound] = ErrorCategory.ObjectNotFound,
        [ErrorIds.DeployTargetNotFound] = ErrorCategory.ObjectNotFound,
        [ErrorIds.ProgramNotFound] = ErrorCategory.NotInstalled,
        [ErrorIds.HostKeyUnknown] = ErrorCategory.SecurityError,
        [ErrorIds.HostKeyChanged] = ErrorCategory.SecurityError,
        [ErrorIds.TargetCredentialRejected] = ErrorCategory.AuthenticationError,
        [ErrorIds.TargetUnreachable] = ErrorCategory.ConnectionError,
        [ErrorIds.TargetRightMissing] = ErrorCategory.PermissionDenied,
        [ErrorIds.ConfigurationTestFailed] = ErrorCategory.InvalidResult,
        [ErrorIds.ReloadFailed] = ErrorCategory.InvalidResult,
        [ErrorIds.EndpointUnreachable] = ErrorCategory.ConnectionError,
        [ErrorIds.CertificateNotServed] = ErrorCategory.InvalidResult,
        [ErrorIds.DeployTargetBusy] = ErrorCategory.ResourceBusy,
        [ErrorIds.ConfirmationRequired] = ErrorCategory.InvalidOperation,
        [ErrorIds.KeyMismatch] = ErrorCategory.InvalidArgument,
        [ErrorIds.CsrMismatch] = ErrorCategory.InvalidArgument,
        [ErrorIds.CsrUnreadable] = ErrorCategory.InvalidData,
        [ErrorIds.CertificateUnreadable] = ErrorCategory.InvalidData,
        [ErrorIds.PrivateKeyUnreadable] = ErrorCategory.InvalidData,
        [ErrorIds.KeystoreUnreadable] = ErrorCategory.InvalidData,
        [ErrorIds.OrderWaitTimeout] = ErrorCategory.OperationTimeout,
        [ErrorIds.MailServerNotTrusted] = ErrorCategory.SecurityError,
        [ErrorIds.FileNotFound] = ErrorCategory.ObjectNotFound,
        [ErrorIds.FileEmpty] = ErrorCategory.InvalidData,
        [ErrorIds.FileExists] = ErrorCategory.ResourceExists,
        [ErrorIds.FileNotReadable] = ErrorCategory.ReadError,
        [ErrorIds.FileNotWritable] = ErrorCategory.WriteError,
    };

    public static ErrorCategory Of(KeyManagerException error) =>
        ById.TryGetValue(error.ErrorId, out ErrorCategory category) ? category : ByKind(error);

    private static ErrorCategory ByKind(KeyManagerException error) => error switch
    {
        InvalidRequestException => ErrorCategory.InvalidArgument,
        NotFoundException => ErrorCategory.ObjectNotFound,
        ConflictException { Kind: ConflictKind.Exists } => ErrorCategory.ResourceExists,
        ConflictException { Kind: ConflictKind.Busy } => ErrorCategory.ResourceBusy,
        ConflictException => ErrorCategory.InvalidOperation,
        CredentialException => ErrorCategory.AuthenticationError,
        RateLimitException => ErrorCategory.LimitsExceeded,
        // An answer that cannot be read: the parser's exception is kept inside. A refusal has none.
        AuthorityException { InnerException: not (null or KeyManagerException) } => ErrorCategory.ProtocolError,
        AuthorityException => ErrorCategory.InvalidResult,
        ChallengeException => ErrorCategory.InvalidResult,
        TransportException { InnerException: TimeoutException or OperationCanceledException } => ErrorCategory.OperationTimeout,
        TransportException => ErrorCategory.ConnectionError,
        KeyMaterialException => ErrorCategory.SecurityError,
        DeploymentException => ErrorCategory.WriteError,
        StoreException => ErrorCategory.ResourceUnavailable,
        _ => ErrorCategory.InvalidOperation,
    };
}
