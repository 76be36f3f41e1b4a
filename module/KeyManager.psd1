@{
  RootModule = 'KeyManager.PowerShell.dll'
  ModuleVersion = '0.1.0'
  GUID = '5ddd67a5-599c-42c3-895c-0b9a76964436'
  Author = 'The KeyManager founders'
  CompanyName = 'KeyManager'
  Copyright = 'Copyright (c) The KeyManager founders'
  Description = 'Orders, validates, installs, renews and revokes TLS certificates of ACME authorities, The SSL Store, emSign and a private CA, and keeps keys and history in an encrypted store.'

  PowerShellVersion = '5.1'
  CompatiblePSEditions = @('Desktop', 'Core')
  # netstandard2.0 without extra files; counts on Windows PowerShell only.
  DotNetFrameworkVersion = '4.7.2'

  FormatsToProcess = @('KeyManager.Format.ps1xml')
  TypesToProcess = @('KeyManager.Types.ps1xml')

  # One line per cmdlet, sorted by noun; a test compares the list with the assembly.
  CmdletsToExport = @(
  )
  FunctionsToExport = @()
  AliasesToExport = @()
  VariablesToExport = @()

  PrivateData = @{
    PSData = @{
      Tags = @(
        'PSEdition_Desktop', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS',
        'Certificate', 'TLS', 'SSL', 'X509', 'PKI', 'ACME', 'LetsEncrypt', 'emSign', 'TheSSLStore', 'CSR', 'Keystore', 'Renewal', 'Automation'
      )
      RequireLicenseAcceptance = $false
    }
  }
}
