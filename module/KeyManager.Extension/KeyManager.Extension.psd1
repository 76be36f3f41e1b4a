@{
  RootModule = 'KeyManager.Extension.psm1'
  ModuleVersion = '0.1.0'
  GUID = 'c0b7a6ab-6b0b-4a57-9f5e-2f4f6a0d8c11'
  Author = 'The KeyManager authors'
  CompanyName = 'KeyManager'
  Copyright = 'Copyright (c) 2026 the KeyManager authors'
  Description = 'Lets SecretManagement look into a store of KeyManager: Register-SecretVault -Name KeyManager -ModuleName KeyManager.'

  PowerShellVersion = '5.1'

  FunctionsToExport = @('Get-Secret', 'Get-SecretInfo', 'Set-Secret', 'Remove-Secret', 'Test-SecretVault', 'Unlock-SecretVault')
  CmdletsToExport = @()
  AliasesToExport = @()
  VariablesToExport = @()
}
