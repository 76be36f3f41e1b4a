namespace KeyManager;

/// <summary>
/// The stable error identifiers. Scripts compare them (<c>FullyQualifiedErrorId</c> starts with them), so a value never changes its meaning.
/// </summary>
public static class ErrorIds
{
    // Store
    public const string StoreNotFound = "KmStoreNotFound";
    public const string StoreAlreadyExists = "KmStoreAlreadyExists";
    public const string StoreLocked = "KmStoreLocked";
    public const string StoreBusy = "KmStoreBusy";
    public const string StoreCorrupt = "KmStoreCorrupt";
    public const string StoreNotWritable = "KmStoreNotWritable";
    public const string StoreFull = "KmStoreFull";
    public const string StoreRightsTooWide = "KmStoreRightsTooWide";
    public const string StoreVersionTooNew = "KmStoreVersionTooNew";
    public const string ProtectorUnavailable = "KmProtectorUnavailable";
    public const string ProtectorNotFound = "KmProtectorNotFound";
    public const string ProtectorAlreadyExists = "KmProtectorAlreadyExists";
    public const string LastProtector = "KmLastProtector";
    public const string SecretUndecryptable = "KmSecretUndecryptable";
    public const string SecretNotFound = "KmSecretNotFound";
    public const string VaultUnavailable = "KmVaultUnavailable";
    public const string VaultSecretNotFound = "KmVaultSecretNotFound";
    public const string AuditTrailBroken = "KmAuditTrailBroken";

    // Input
    public const string InvalidDomainName = "KmInvalidDomainName";
    public const string InvalidKeySpec = "KmInvalidKeySpec";
    public const string InvalidParameter = "KmInvalidParameter";
    public const string InvalidSetting = "KmInvalidSetting";
    public const string SettingNotFound = "KmSettingNotFound";
    public const string NameAlreadyExists = "KmNameAlreadyExists";

    // Accounts and authorities
    public const string AccountNotFound = "KmAccountNotFound";
    public const string AccountAlreadyExists = "KmAccountAlreadyExists";
    public const string AccountDeactivated = "KmAccountDeactivated";
    public const string AccountBusy = "KmAccountBusy";
    public const string AccountInUse = "KmAccountInUse";
    public const string AdministratorRequired = "KmAdministratorRequired";
    public const string AuthorityNotFound = "KmAuthorityNotFound";
    public const string AuthorityCannot = "KmAuthorityCannot";
    public const string AuthorityRejected = "KmAuthorityRejected";
    public const string AuthorityRetired = "KmAuthorityRetired";
    public const string AuthorityUnreachable = "KmAuthorityUnreachable";
    public const string AuthorityUnavailable = "KmAuthorityUnavailable";
    public const string AuthorityNotTrusted = "KmAuthorityNotTrusted";
    public const string AuthorityAnswerUnreadable = "KmAuthorityAnswerUnreadable";
    public const string TermsOfServiceNotAccepted = "KmTermsOfServiceNotAccepted";
    public const string ExternalAccountRequired = "KmExternalAccountRequired";
    public const string UserActionRequired = "KmUserActionRequired";
    public const string RateLimited = "KmRateLimited";
    public const string RenewalsPerHour = "KmRenewalsPerHour";
    public const string NameNotAllowed = "KmNameNotAllowed";
    public const string CaaForbids = "KmCaaForbids";
    public const string ProfileNotFound = "KmProfileNotFound";
    public const string CredentialRejected = "KmCredentialRejected";
    public const string ChargesNotAccepted = "KmChargesNotAccepted";
    public const string ClockWrong = "KmClockWrong";
    public const string RightMissing = "KmRightMissing";
    public const string DirectoryMismatch = "KmDirectoryMismatch";
    public const string FundsMissing = "KmFundsMissing";

    // Catalogue and presets
    public const string ProductNotFound = "KmProductNotFound";
    public const string ProductUnsuitable = "KmProductUnsuitable";
    public const string OrganizationNotFound = "KmOrganizationNotFound";
    public const string OrganizationRequired = "KmOrganizationRequired";
    public const string OrganizationNotAllowed = "KmOrganizationNotAllowed";
    public const string ContactNotFound = "KmContactNotFound";
    public const string ContactRequired = "KmContactRequired";
    public const string DetailsMissing = "KmDetailsMissing";

    // Orders and challenges
    public const string OrderNotFound = "KmOrderNotFound";
    public const string OrderStateInvalid = "KmOrderStateInvalid";
    public const string OrderBusy = "KmOrderBusy";
    public const string OrderFailed = "KmOrderFailed";
    public const string OrderWaitTimeout = "KmOrderWaitTimeout";
    public const string ChallengeFailed = "KmChallengeFailed";
    public const string ChallengeNotPublished = "KmChallengeNotPublished";
    public const string ChallengeNotVisible = "KmChallengeNotVisible";
    public const string ChallengeStillPublished = "KmChallengeStillPublished";
    public const string ScriptFailed = "KmScriptFailed";
    public const string ApproverNotOffered = "KmApproverNotOffered";
    public const string ReissueNotAllowed = "KmReissueNotAllowed";

    // DNS services
    public const string DnsProviderNotFound = "KmDnsProviderNotFound";
    public const string DnsAccountNotFound = "KmDnsAccountNotFound";
    public const string DnsAccountAlreadyExists = "KmDnsAccountAlreadyExists";
    public const string DnsAccountDisabled = "KmDnsAccountDisabled";
    public const string DnsAccountInUse = "KmDnsAccountInUse";
    public const string DomainMappingNotFound = "KmDomainMappingNotFound";
    public const string DnsZoneNotFound = "KmDnsZoneNotFound";
    public const string DnsZoneAmbiguous = "KmDnsZoneAmbiguous";
    public const string DnsCredentialRejected = "KmDnsCredentialRejected";
    public const string DnsRightMissing = "KmDnsRightMissing";
    public const string DnsClockWrong = "KmDnsClockWrong";
    public const string DnsUnreachable = "KmDnsUnreachable";
    public const string DnsNotTrusted = "KmDnsNotTrusted";
    public const string DnsUnavailable = "KmDnsUnavailable";
    public const string DnsAnswerUnreadable = "KmDnsAnswerUnreadable";
    public const string DnsChangeRefused = "KmDnsChangeRefused";
    public const string DnsChangeNotServed = "KmDnsChangeNotServed";
    public const string DnsNameOccupied = "KmDnsNameOccupied";
    public const string DnsRecordSetFull = "KmDnsRecordSetFull";
    public const string DnsAliasLoop = "KmDnsAliasLoop";

    // Deployment
    public const string DeployKindNotFound = "KmDeployKindNotFound";
    public const string DeployTargetNotFound = "KmDeployTargetNotFound";
    public const string DeployTargetAlreadyExists = "KmDeployTargetAlreadyExists";
    public const string DeployTargetInUse = "KmDeployTargetInUse";
    public const string DeployTargetBusy = "KmDeployTargetBusy";
    public const string DomainNotMapped = "KmDomainNotMapped";
    public const string ProgramNotFound = "KmProgramNotFound";
    public const string HostKeyUnknown = "KmHostKeyUnknown";
    public const string HostKeyChanged = "KmHostKeyChanged";
    public const string TargetCredentialRejected = "KmTargetCredentialRejected";
    public const string TargetUnreachable = "KmTargetUnreachable";
    public const string TargetRightMissing = "KmTargetRightMissing";
    public const string TargetDiskFull = "KmTargetDiskFull";
    public const string TargetRefused = "KmTargetRefused";
    public const string ConfigurationTestFailed = "KmConfigurationTestFailed";
    public const string ReloadFailed = "KmReloadFailed";
    public const string EndpointUnreachable = "KmEndpointUnreachable";
    public const string CertificateNotServed = "KmCertificateNotServed";
    public const string CertificateNotDeployed = "KmCertificateNotDeployed";
    public const string RollbackFailed = "KmRollbackFailed";

    // Certificates, keys, CSRs, keystores
    public const string CertificateNotFound = "KmCertificateNotFound";
    public const string CertificateNotSaved = "KmCertificateNotSaved";
    public const string CertificateAlreadyRevoked = "KmCertificateAlreadyRevoked";
    public const string CertificateQuotaExceeded = "KmCertificateQuotaExceeded";
    public const string CertificateAlreadyExists = "KmCertificateAlreadyExists";
    public const string CertificateNotRenewable = "KmCertificateNotRenewable";
    public const string CertificateNotReady = "KmCertificateNotReady";
    public const string CertificateUnreadable = "KmCertificateUnreadable";
    public const string CertificateDetailsOnly = "KmCertificateDetailsOnly";
    public const string CertificateWrong = "KmCertificateWrong";
    public const string PrivateKeyNotFound = "KmPrivateKeyNotFound";
    public const string PrivateKeyUnreadable = "KmPrivateKeyUnreadable";
    public const string PrivateKeyInUse = "KmPrivateKeyInUse";
    public const string KeyMismatch = "KmKeyMismatch";
    public const string KeyTooWeak = "KmKeyTooWeak";
    public const string CsrNotFound = "KmCsrNotFound";
    public const string CsrUnreadable = "KmCsrUnreadable";
    public const string CsrMismatch = "KmCsrMismatch";
    public const string KeystoreUnreadable = "KmKeystoreUnreadable";
    public const string KeystorePasswordRequired = "KmKeystorePasswordRequired";
    public const string WrongPassword = "KmWrongPassword";

    // Renewals, notices
    public const string RenewalPolicyNotFound = "KmRenewalPolicyNotFound";
    public const string NotificationPolicyNotFound = "KmNotificationPolicyNotFound";
    public const string NoticeNotDelivered = "KmNoticeNotDelivered";
    public const string MailServerUnreachable = "KmMailServerUnreachable";
    public const string MailServerNotTrusted = "KmMailServerNotTrusted";
    public const string MailServerRefused = "KmMailServerRefused";
    public const string RenewalTaskNotFound = "KmRenewalTaskNotFound";
    public const string TaskNotRegistered = "KmTaskNotRegistered";
    public const string TaskCannotOpenStore = "KmTaskCannotOpenStore";
    public const string ClockDoubtful = "KmClockDoubtful";

    // Files
    public const string FileNotFound = "KmFileNotFound";
    public const string FileEmpty = "KmFileEmpty";
    public const string FileExists = "KmFileExists";
    public const string FileNotReadable = "KmFileNotReadable";
    public const string FileNotWritable = "KmFileNotWritable";

    // Moving over from other programs
    public const string ListRowInvalid = "KmListRowInvalid";
    public const string ForeignToolNotFound = "KmForeignToolNotFound";
    public const string ForeignDataNotFound = "KmForeignDataNotFound";
    public const string ForeignDataUnreadable = "KmForeignDataUnreadable";

    // At the prompt
    public const string ConfirmationRequired = "KmConfirmationRequired";

    /// <summary>Not one of ours: please report it.</summary>
    public const string Unexpected = "KmUnexpected";
}
