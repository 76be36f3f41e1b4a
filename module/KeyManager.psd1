@{
  RootModule = 'KeyManager.PowerShell.dll'
  ModuleVersion = '0.1.0'
  GUID = '5ddd67a5-599c-42c3-895c-0b9a76964436'
  Author = 'The KeyManager authors'
  CompanyName = 'KeyManager'
  Copyright = 'Copyright (c) 2026 the KeyManager authors'
  Description = 'Orders, validates, exports, renews and revokes TLS certificates of a built-in private authority, ACME authorities and The SSL Store, and keeps keys, keystore passwords and history in one store file, its secrets encrypted.'

  PowerShellVersion = '5.1'
  CompatiblePSEditions = @('Desktop', 'Core')
  # netstandard2.0 without extra files; counts on Windows PowerShell only.
  DotNetFrameworkVersion = '4.7.2'

  FormatsToProcess = @('KeyManager.Format.ps1xml')
  TypesToProcess = @('KeyManager.Types.ps1xml')

  # What SecretManagement calls where the module is registered as a vault. None of it is exported from here.
  NestedModules = @('KeyManager.Extension')

  # One line per cmdlet, sorted by noun; a test compares the list with the assembly.
  CmdletsToExport = @(
    'Add-KmAccount',
    'Disable-KmAccount',
    'Get-KmAccount',
    'New-KmAccount',
    'Remove-KmAccount',
    'Set-KmAccount',
    'Sync-KmAccount',
    'Test-KmAccount',
    'Export-KmAccountCertificate',
    'Export-KmAccountKey',
    'Get-KmProvider',
    'New-KmDeployTarget',
    'Get-KmDeployTarget',
    'Set-KmDeployTarget',
    'Test-KmDeployTarget',
    'Remove-KmDeployTarget',
    'Install-KmCertificate',
    'Uninstall-KmCertificate',
    'Test-KmCertificate',
    'New-KmDnsAccount',
    'Get-KmDnsAccount',
    'Set-KmDnsAccount',
    'Test-KmDnsAccount',
    'Enable-KmDnsAccount',
    'Disable-KmDnsAccount',
    'Remove-KmDnsAccount',
    'Set-KmDomainMapping',
    'Get-KmDomainMapping',
    'Remove-KmDomainMapping',
    'Get-KmApproverEmail',
    'Get-KmAuditEvent',
    'Test-KmAuditTrail',
    'Export-KmAuditEvent',
    'Remove-KmAuditEvent',
    'Get-KmNotificationPolicy',
    'Remove-KmNotificationPolicy',
    'Set-KmNotificationPolicy',
    'Send-KmNotification',
    'Get-KmAuthority',
    'Send-KmCertificate',
    'Export-KmCertificate',
    'Find-KmCertificate',
    'Get-KmCertificate',
    'Import-KmCertificate',
    'Remove-KmCertificate',
    'Revoke-KmCertificate',
    'Save-KmCertificate',
    'Update-KmCertificate',
    'Get-KmCertificateHistory',
    'Get-KmCertificateOrder',
    'Import-KmCertificateOrder',
    'New-KmCertificateOrder',
    'Remove-KmCertificateOrder',
    'Stop-KmCertificateOrder',
    'Sync-KmCertificateOrder',
    'Wait-KmCertificateOrder',
    'Request-KmCertificateReissue',
    'Get-KmChallenge',
    'Invoke-KmChallenge',
    'New-KmChallenge',
    'Publish-KmChallenge',
    'Submit-KmChallenge',
    'Test-KmChallenge',
    'Unpublish-KmChallenge',
    'Get-KmChallengeRecord',
    'Send-KmChallengeEmail',
    'Get-KmContact',
    'New-KmContact',
    'Remove-KmContact',
    'Set-KmCertificate',
    'Set-KmCertificateOrder',
    'Get-KmReport',
    'Export-KmReport',
    'Set-KmContact',
    'Export-KmCsr',
    'Get-KmCsr',
    'Import-KmCsr',
    'New-KmCsr',
    'Remove-KmCsr',
    'Test-KmCsr',
    'Test-KmDnsRecord',
    'Add-KmKeyProtector',
    'Get-KmKeyProtector',
    'Remove-KmKeyProtector',
    'Get-KmOrganization',
    'New-KmOrganization',
    'Remove-KmOrganization',
    'Set-KmOrganization',
    'Export-KmPrivateKey',
    'Get-KmPrivateKey',
    'Import-KmPrivateKey',
    'Remove-KmPrivateKey',
    'Invoke-KmRenewal',
    'Test-KmRenewal',
    'Get-KmRenewalTask',
    'Register-KmRenewalTask',
    'Unregister-KmRenewalTask',
    'Disable-KmRenewalPolicy',
    'Enable-KmRenewalPolicy',
    'Get-KmRenewalPolicy',
    'Remove-KmRenewalPolicy',
    'Set-KmRenewalPolicy',
    'Get-KmDomain',
    'Get-KmGroup',
    'Get-KmProduct',
    'Get-KmSecret',
    'Get-KmSetting',
    'Set-KmSetting',
    'Backup-KmStore',
    'Export-KmStore',
    'Get-KmStore',
    'Import-KmStore',
    'Initialize-KmStore',
    'Lock-KmStore',
    'Restore-KmStore',
    'Test-KmStore',
    'Unlock-KmStore',
    'Update-KmStoreKey'
  )
  FunctionsToExport = @()
  AliasesToExport = @()
  VariablesToExport = @()

  PrivateData = @{
    PSData = @{
      Tags = @(
        'PSEdition_Desktop', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS',
        'Certificate', 'TLS', 'SSL', 'X509', 'PKI', 'CA', 'CSR', 'Keystore', 'Renewal', 'Automation'
      )
      RequireLicenseAcceptance = $false
    }
  }
}
