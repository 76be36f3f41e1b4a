#requires -Version 5.1
# Tables and lists, live and after remoting.

BeforeDiscovery {
    $views = @(
        , @('Certificate', { Get-KmCertificate }, 'www.contoso.test', @('Name', 'Version', 'Status', 'NotAfter', 'Thumbprint'))
        , @('CertificateOrder', { Get-KmCertificateOrder www.contoso.test }, 'Saved', @('Id', 'Name', 'Status', 'Account', 'Created', 'DomainNames'))
        , @('Challenge', { Get-KmChallenge open.test }, 'Pending', @('DomainName', 'Type', 'Status', 'Published', 'Location'))
        , @('ChallengeTest', { Test-KmChallenge open.test }, 'Http01', @('DomainName', 'Type', 'Visible', 'Problem'))
        , @('AuthorityAccount', { Get-KmAccount private }, 'private', @('Name', 'Default', 'Authority', 'Status'))
        , @('AuthorityDescription', { Get-KmAuthority }, 'Built-in', @('Name', 'Kind', 'Title', 'Eab', 'Retired', 'Abilities'))
        , @('DnsAccount', { Get-KmDnsAccount }, 'Rfc2136', @('Name', 'Provider', 'Enabled', 'Settings'))
        , @('DomainMapping', { Get-KmDomainMapping }, 'contoso.test', @('DomainName', 'DnsAccount', 'RecordName'))
        , @('DnsAccountTest', { Test-KmDnsAccount bind elsewhere.test }, 'FindZone', @('DnsAccount', 'DomainName', 'IsWorking', 'FailedStep', 'Problem'))
        , @('DnsProviderDescription', { Get-KmProvider }, 'Cloudflare', @('Name', 'Title', 'Credentials'))
        , @('PrivateKeyInfo', { Get-KmPrivateKey }, 'ECDSA P-256', @('Id', 'Name', 'Key', 'Origin', 'Created'))
        , @('CertificateSigningRequest', { Get-KmCsr }, 'request.test', @('Name', 'Key', 'Origin', 'DomainNames'))
        , @('KeyProtector', { Get-KmKeyProtector }, 'KeyFile', @('Id', 'Name', 'Kind', 'Path'))
        , @('StoreInfo', { Get-KmStore }, 'store.db', @('Path', 'Unlocked', 'Certificates', 'Orders'))
        , @('StoreSetting', { Get-KmSetting }, 'DefaultKeyAlgorithm', @('Name', 'Value', 'Default', 'Description'))
        , @('AuditEvent', { Get-KmAuditEvent }, 'StoreCreated', @('Number', 'Time', 'Action', 'Category', 'User'))
        , @('ExportedFile', { Export-KmCertificate www.contoso.test ./tls -Format Pem -Force }, 'FullChain', @('Content', 'Private', 'Path'))
    ) | ForEach-Object { @{ type = $_[0]; get = $_[1]; shows = $_[2]; columns = $_[3] } }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
    $null = Start-KmTest $TestDrive
    $null = New-KmAccount private
    $null = New-KmDnsAccount bind Rfc2136 -Server 192.0.2.1 -WithoutKey -Zone contoso.test
    $null = Set-KmDomainMapping contoso.test bind
    $null = New-UnprovableAccount
    $null = New-TestCertificate www.contoso.test, *.contoso.test
    $null = New-KmCertificateOrder open.test -Account unprovable
    $null = New-KmCsr request.test
}

AfterAll {
    Stop-KmTest
}

Describe 'The view of <type>' -ForEach $views {
    BeforeAll {
        $objects = @(& $get)
        $objects | Export-Clixml ./objects.xml -Depth 4
        $copies = @(Import-Clixml ./objects.xml)
    }

    It 'is a table with its columns in 120 characters' {
        $text = Get-Text $objects 120
        $text | Should -Match $shows
        $heading = ($text -split '\r?\n' | Where-Object { $_.Trim() })[0]
        foreach ($column in $columns) { $heading | Should -Match "\b$column\b" }
        ($text -split '\r?\n' | Measure-Object -Property Length -Maximum).Maximum | Should -BeLessOrEqual 120
    }

    It 'is a table without a broken heading in 80 characters, and in the 79 of a Windows console' {
        foreach ($width in 79, 80) {
            $lines = @((Get-Text $objects $width) -split '\r?\n' | Where-Object { $_.Trim() })
            $lines[1] | Should -Match '^[- ]+$' -Because "the heading is one line: $($lines[0])"
            foreach ($column in $columns | Select-Object -First 2) { $lines[0] | Should -Match "\b$column\b" }
            ($lines | Measure-Object -Property Length -Maximum).Maximum | Should -BeLessOrEqual $width
        }
    }

    It 'is a list that names more than the table, and no type name' {
        $text = Get-Text $objects[0] 200 -List
        @($text -split '\r?\n' | Where-Object { $_ -match '^\w+ +:' }).Count | Should -BeGreaterThan $(if ($type -in 'ExportedFile', 'StoreSetting') { 3 } else { 4 })
        $text | Should -Not -Match 'System\.|KeyManager\.[A-Z]\w+\[?\]?\s*$'
    }

    It 'is the same for objects that were away' {
        $copies[0].PSObject.TypeNames[0] | Should -Be "Deserialized.$($objects[0].GetType().FullName)"
        Get-Text $copies 120 | Should -Be (Get-Text $objects 120)
    }
}

Describe 'Objects that were away' {
    It 'still name their thing to the next command' {
        Get-KmCertificate | Export-Clixml ./certificate.xml
        (Import-Clixml ./certificate.xml | Get-KmCertificateHistory).Name | Should -Be 'www.contoso.test'
        Get-KmCertificateOrder open.test | Export-Clixml ./order.xml
        (Import-Clixml ./order.xml | Get-KmChallenge).DomainName | ForEach-Object { "$_" } | Should -Be 'open.test'
        Get-KmAccount private | Export-Clixml ./account.xml
        Import-Clixml ./account.xml | Test-KmAccount | Should -BeTrue
    }

    It 'are readable as JSON and CSV' {
        $json = Get-KmCertificate | Select-Object Name, Status, NotAfter, Thumbprint | ConvertTo-Json | ConvertFrom-Json
        $json.Name | Should -Be 'www.contoso.test'
        $csv = Get-KmCertificate | Select-Object Name, DaysLeft, Thumbprint | ConvertTo-Csv -NoTypeInformation | ConvertFrom-Csv
        $csv.DaysLeft | Should -Be '89'
    }
}
