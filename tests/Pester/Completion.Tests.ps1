#requires -Version 5.1
# What Tab offers.

BeforeDiscovery {
    $lines = @(
        , @('Get-KmCertificate ', @("'it''s mine'", 'www.contoso.test'))
        , @('Get-KmCertificate w', @('www.contoso.test'))
        , @('Get-KmCertificate -DomainName ', @('*.contoso.test', 'pending.test', 'second.test', 'www.contoso.test'))
        , @('Get-KmCertificate -Account ', @('private', "'second one'"))
        , @('Get-KmCertificate -Status V', @('Valid'))
        , @('Get-KmCertificateHistory w', @('www.contoso.test'))
        , @('Export-KmCertificate w', @('www.contoso.test'))
        , @('Export-KmCertificate x -Format J', @('Jks'))
        , @('Update-KmCertificate w', @('www.contoso.test'))
        , @('Revoke-KmCertificate x -Reason K', @('KeyCompromise'))
        , @('Remove-KmCertificate w', @('www.contoso.test'))
        , @('Import-KmCertificate x.pfx -Name w', @('www.contoso.test'))
        , @('Save-KmCertificate pen', @('pending.test'))
        , @('Invoke-KmChallenge pen', @('pending.test'))
        , @('Get-KmChallenge pen', @('pending.test'))
        , @('Get-KmCertificateOrder pen', @('pending.test'))
        , @('Get-KmCertificateOrder -DomainName s', @('second.test'))
        , @('Wait-KmCertificateOrder pen', @('pending.test'))
        , @('Stop-KmCertificateOrder pen', @('pending.test'))
        , @('New-KmCertificateOrder x -Account s', @("'second one'"))
        , @('New-KmCertificateOrder x -Name w', @('www.contoso.test'))
        , @('New-KmCertificateOrder x -CsrName ', @('request.test'))
        , @('New-KmCertificateOrder x -PrivateKey req', @('request.test'))
        , @('New-KmCsr x -PrivateKey req', @('request.test'))
        , @('Get-KmPrivateKey req', @('request.test'))
        , @('Export-KmPrivateKey req', @('request.test'))
        , @('Get-KmCsr ', @('request.test'))
        , @('Remove-KmCsr ', @('request.test'))
        , @('Get-KmAccount ', @('private', "'second one'"))
        , @('Set-KmAccount p', @('private'))
        , @('Get-KmAuthority L', @('LetsEncrypt', 'Local'))
        , @('Get-KmAuthority Z', @('ZeroSsl'))
        , @('New-KmAccount x L', @('LetsEncrypt', 'Local'))
        , @('Add-KmAccount x B', @('Buypass'))
        , @('Export-KmAccountKey p', @('private'))
        , @('New-KmChallenge pen', @('pending.test'))
        , @('Publish-KmChallenge pen', @('pending.test'))
        , @('Test-KmChallenge pen', @('pending.test'))
        , @('Submit-KmChallenge pen', @('pending.test'))
        , @('Unpublish-KmChallenge pen', @('pending.test'))
        , @('Get-KmSetting Max', @('MaxAccountsPerAuthority', 'MaxManagedCertificates'))
        , @('Set-KmSetting DefaultKeyAlgorithm ', @('Ecdsa', 'Ed25519', 'Rsa'))
        , @('Get-KmAuditEvent C', @('Certificate', 'Challenge', 'Csr'))
        , @('Get-KmAuditEvent -Subject w', @('www.contoso.test'))
    ) | ForEach-Object { @{ line = $_[0]; expected = $_[1] } }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
    $null = Start-KmTest $TestDrive
    $null = New-KmAccount private
    $null = New-KmAccount 'second one'
    $null = New-TestCertificate www.contoso.test, *.contoso.test
    $null = New-KmCertificateOrder second.test -Name "it's mine" | Invoke-KmChallenge
    $null = New-KmCertificateOrder pending.test
    $null = New-KmCsr request.test
    # The first Tab of a process may be too slow to answer; it prepares the next.
    $null = Get-Completion 'Get-KmCertificate '
}

AfterAll {
    Stop-KmTest
}

Describe 'Tab' {
    It 'completes <line>' -ForEach $lines {
        Get-Completion $line | Should -Be $expected
    }

    It 'offers ids beside names, for those that share one' {
        $id = (Get-KmCertificateOrder pending.test).Id
        Get-Completion "Get-KmCertificateOrder $($id.Substring(0, 8))" | Should -Be $id
        $key = (Get-KmPrivateKey request.test).Id
        Get-Completion "Remove-KmPrivateKey $($key.Substring(0, 8))" | Should -Be $key
        $protector = (Get-KmKeyProtector).Id
        Get-Completion 'Remove-KmKeyProtector ' | Should -Be $protector
    }

    It 'reads back what it wrote' {
        $quoted = Get-Completion 'Get-KmCertificate it'
        (& ([scriptblock]::Create("Get-KmCertificate $quoted"))).Name | Should -Be "it's mine"
    }

    It 'looks into the store that the line names, and makes none' {
        Get-Completion 'Get-KmCertificate -StorePath ./other.db -Name ' | Where-Object { $_ -eq 'www.contoso.test' } | Should -BeNullOrEmpty
        './other.db' | Should -Not -Exist
    }

    It 'has a completer on every parameter that takes a stored thing' {
        $common = [System.Management.Automation.Cmdlet]::CommonParameters
        $missing = foreach ($command in Get-Command -Module KeyManager) {
            foreach ($parameter in $command.Parameters.Values | Where-Object Name -notin $common) {
                $type = if ($parameter.ParameterType.IsArray) { $parameter.ParameterType.GetElementType() } else { $parameter.ParameterType }
                if ($type.Name -like '*Reference' -and -not @($parameter.Attributes | Where-Object { $_ -is [System.Management.Automation.ArgumentCompleterAttribute] }).Count) {
                    "$command -$($parameter.Name)"
                }
            }
        }
        $missing | Should -BeNullOrEmpty
    }
}
