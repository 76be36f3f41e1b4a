#requires -Version 5.1
# DNS accounts at the prompt: their parameters, their errors, and certificates proved by a real name server. Without BIND that part is skipped.

BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
    $none = -not (Get-NameServer)
    $noPebble = $none -or -not (Test-Pebble)
    if ($none) { Write-Host 'DNS at the prompt: in part skipped, it needs named on PATH (Debian: apt-get install bind9)' }
    Import-Module (Get-ManifestPath) -Force
    $providers = Get-KmProvider | Where-Object { $_.PSObject.TypeNames -contains 'KeyManager.Dns.DnsProviderDescription' } | ForEach-Object { @{ name = $_.Name } }
    Remove-Module KeyManager
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
    $folder = Start-KmTest $TestDrive
}

AfterAll {
    Stop-KmTest
}

Describe 'A DNS service' {
    It 'is described: <name>' -ForEach $providers {
        $about = Get-KmProvider $name | Where-Object { $_ -is [KeyManager.Dns.DnsProviderDescription] }
        $about.LeastRights | Should -Not -BeNullOrEmpty
        $text = Get-Text $about 160 -List
        $text | Should -Match 'LeastRights +: \S'
        foreach ($setting in $about.Settings) { $setting.Description | Should -Match '\.$' }
    }

    It 'offers its settings as parameters: <name>' -ForEach $providers {
        $about = Get-KmProvider $name | Where-Object { $_ -is [KeyManager.Dns.DnsProviderDescription] }
        $offered = Get-Completion "New-KmDnsAccount x $name -"
        foreach ($setting in $about.Settings) { $offered | Should -Contain "-$($setting.Name)" }
        foreach ($secret in $about.Settings | Where-Object IsSecret) {
            (Get-Command New-KmDnsAccount -ArgumentList x, $name).Parameters[$secret.Name].ParameterType | Should -Be ([securestring])
        }
    }

    It 'is completed by name, and its choices by value' {
        Get-Completion 'New-KmDnsAccount x Clou' | Should -Be @('Cloudflare', 'ClouDns')
        Get-Completion 'New-KmDnsAccount x -Provider Rfc' | Should -Be 'Rfc2136'
        Get-Completion 'New-KmDnsAccount x Rfc2136 -KeyAlgorithm hmac-sha5' | Should -Be 'hmac-sha512'
    }

    It 'that nobody knows is an error that lists the others' {
        $problem = Get-Problem { New-KmDnsAccount x Cloudfare }
        $problem.FullyQualifiedErrorId | Should -Match '^KmDnsProviderNotFound,'
        $problem.ErrorDetails.RecommendedAction | Should -Match 'Cloudflare'
    }
}

Describe 'A DNS account' {
    BeforeAll {
        $secret = New-Password 'c2VjcmV0LWNhbmFyeS00ODEx'
        $made = New-KmDnsAccount bind Rfc2136 -Server 192.0.2.1 -KeyName acme-key -KeySecret $secret
    }

    It 'is shown without its secret' {
        $made.Provider | Should -Be 'Rfc2136'
        "$($made | Format-List -Force * | Out-String)$($made | ConvertTo-Json -Depth 5)" | Should -Not -Match 'c2VjcmV0LWNhbmFyeS00ODEx'
        (Get-Text $made 100 -List) | Should -Match 'Secrets +: KeySecret'
    }

    It 'needs one way to show who it is' {
        $problem = Get-Problem { New-KmDnsAccount other Rfc2136 -Server 192.0.2.1 }
        $problem.FullyQualifiedErrorId | Should -Match '^KmInvalidSetting,'
        $problem.ErrorDetails.RecommendedAction | Should -Match '-KeyName -KeySecret'
    }

    It 'refuses a secret in a table without showing it' {
        $problem = Get-Problem { New-KmDnsAccount other Rfc2136 -Setting @{ Server = '192.0.2.1'; KeyName = 'k'; KeySecret = 'canary-77' } }
        $problem.FullyQualifiedErrorId | Should -Match '^KmInvalidSetting,'
        "$problem $($problem.ErrorDetails.RecommendedAction)" | Should -Not -Match 'canary-77'
    }

    It 'says which parameter there is not, and which value cannot be' {
        (Get-Problem { New-KmDnsAccount other Rfc2136 -Server 192.0.2.1 -ApiToken $secret }).FullyQualifiedErrorId | Should -Match 'NamedParameterNotFound'
        (Get-Problem { New-KmDnsAccount other Rfc2136 -Server 192.0.2.1 -KeyAlgorithm hmac-sha3 }).FullyQualifiedErrorId | Should -Match 'ParameterArgumentValidationError'
    }

    It 'is completed where one is named' {
        Get-Completion 'Get-KmDnsAccount ' | Should -Be 'bind'
        Get-Completion 'New-KmCertificateOrder x -DnsAccount b' | Should -Be 'bind'
        Get-Completion 'Set-KmDnsAccount bind -KeyS' | Should -Be '-KeySecret'
        Get-Completion 'Set-KmDomainMapping contoso.test -DnsAccount ' | Should -Be 'bind'
    }

    It 'is changed, switched off and on, through the pipeline' {
        (Set-KmDnsAccount bind -Ttl 30).Settings['Ttl'] | Should -Be '30'
        (Get-KmDnsAccount bind | Set-KmDnsAccount -Setting @{ Ttl = '' }).Settings.ContainsKey('Ttl') | Should -BeFalse
        (Get-KmDnsAccount | Disable-KmDnsAccount).Enabled | Should -BeFalse
        Get-Completion 'New-KmCertificateOrder x -DnsAccount ' | Should -Not -Contain 'bind'
        (Enable-KmDnsAccount bind).Enabled | Should -BeTrue
    }

    It 'is mapped to a domain, with a key of its own' {
        $mapping = Set-KmDomainMapping fabrikam.test bind -Zone fabrikam.test -KeyName other -KeySecret $secret
        $mapping.Secrets | Should -Be 'KeySecret'
        (Get-Problem { Remove-KmDnsAccount bind }).FullyQualifiedErrorId | Should -Match '^KmDnsAccountInUse,'
        Get-Completion 'Remove-KmDomainMapping ' | Should -Be 'fabrikam.test'
        Remove-KmDomainMapping fabrikam.test
        Get-KmDomainMapping | Should -BeNullOrEmpty
    }

    It 'has help with its examples' {
        $help = Get-Help New-KmDnsAccount -Full | Out-String
        $help | Should -Match 'Provider Rfc2136'
        Get-Help about_KmDnsAccount | Out-String | Should -Match 'WHICH ACCOUNT'
    }
}

Describe 'A script' {
    BeforeAll {
        $log = Join-Path $folder 'script.log'
        $null = New-KmDnsAccount own Script -Zone contoso.test -ScriptArgument @{ Log = $log; Token = (New-Password 't0k3n') } `
            -AddScript { param($RecordName, $Value, $Type, $Zone, $Log, $Token) Add-Content $Log "add $RecordName $Type $Zone $([Net.NetworkCredential]::new('', $Token).Password) $($Value.Length)" } `
            -RemoveScript { param($RecordName, $Value, $Type, $Zone, $Log, $Token) Add-Content $Log "remove $RecordName" }
    }

    It 'adds and removes with its arguments' {
        $test = Test-KmDnsAccount own contoso.test
        $test.Problem | Should -BeNullOrEmpty
        $test.IsWorking | Should -BeTrue
        Get-Content $log | Should -Be 'add _acme-challenge.contoso.test TXT contoso.test t0k3n 43', 'remove _acme-challenge.contoso.test'
    }

    It 'keeps a token out of sight' {
        Get-KmDnsAccount own | Format-List * | Out-String | Should -Not -Match 't0k3n'
    }

    It 'that throws is an error in its own words' {
        $null = New-KmDnsAccount broken Script -AddScript { throw 'the moon is down' } -RemoveScript { $null }
        $test = Test-KmDnsAccount broken contoso.test
        $test.FailedStep | Should -Be 'Write'
        $test.ErrorId | Should -Be 'KmScriptFailed'
        $test.Problem | Should -Match 'the moon is down'
    }
}

Describe 'A plug-in of Posh-ACME' {
    BeforeAll {
        # Written as its guide says: functions of these names, the script scope of a module, helpers by name.
        $plugin = Join-Path $folder 'Sample.ps1'
        Set-Content $plugin @'
function Get-CurrentPluginType { 'dns-01' }
function Add-DnsTxt {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0)] [string] $RecordName, [Parameter(Mandatory, Position = 1)] [string] $TxtValue,
        [Parameter(Mandatory)] [string] $SampleLog, [Parameter(Mandatory)] [securestring] $SampleToken, [pscredential] $SampleLogin, [switch] $SampleFlag, [int[]] $SampleIds,
        [Parameter(ValueFromRemainingArguments)] $ExtraParams)
    if (-not $script:pending) { $script:pending = @() }
    $null = $script:UseBasic.Count
    $script:pending += "add $RecordName $([Net.NetworkCredential]::new('', $SampleToken).Password) $($SampleLogin.UserName) $SampleFlag $($SampleIds -join '+') $(ConvertTo-Base64Url -Bytes ([byte[]] (251, 255)))"
}
function Remove-DnsTxt {
    param([string] $RecordName, [string] $TxtValue, [string] $SampleLog, [securestring] $SampleToken, [pscredential] $SampleLogin, [switch] $SampleFlag, [int[]] $SampleIds, [Parameter(ValueFromRemainingArguments)] $ExtraParams)
    $script:pending = @("remove $RecordName")
}
function Save-DnsTxt {
    param([string] $SampleLog, [Parameter(ValueFromRemainingArguments)] $ExtraParams)
    $script:pending | Add-Content $SampleLog
    $script:pending = @()
}
'@
        $log = Join-Path $folder 'plugin.log'
        $login = [pscredential]::new('me', (New-Password 'p4ss'))
        $null = New-KmDnsAccount plugin PoshAcme -PluginPath $plugin -Zone contoso.test -PluginArgument @{
            SampleLog = $log; SampleToken = (New-Password 't0k3n'); SampleLogin = $login; SampleFlag = $true; SampleIds = 1, 2 }
    }

    It 'runs unchanged, with its arguments of every kind' {
        $test = Test-KmDnsAccount plugin contoso.test
        $test.Problem | Should -BeNullOrEmpty
        Get-Content $log | Should -Be 'add _acme-challenge.contoso.test t0k3n me True 1+2 -_8', 'remove _acme-challenge.contoso.test'
        Get-Command Add-DnsTxt -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
    }

    It 'keeps its secrets out of sight' {
        $account = Get-KmDnsAccount plugin
        $account.Secrets | Should -Be 'PluginArgument.SampleLogin', 'PluginArgument.SampleToken'
        $account | ConvertTo-Json -Depth 5 | Should -Not -Match 't0k3n|p4ss'
    }

    It 'that is not there is told' {
        (Get-Problem { New-KmDnsAccount gone PoshAcme -PluginPath ./gone.ps1 }).FullyQualifiedErrorId | Should -Match '^KmFileNotFound,'
    }
}

Describe 'A name server that takes updates' -Skip:$none {
    BeforeAll {
        $named = Start-NameServer $TestDrive
        $null = New-KmDnsAccount live Rfc2136 -Server $named.Address -KeyPath $named.KeyPath -Resolver $named.Address
    }

    AfterAll {
        Stop-NameServer $named
    }

    It 'is tried out' {
        $tests = Test-KmDnsAccount live www.example.test, other.test
        $tests[0].IsWorking | Should -BeTrue
        $tests[0].Zone | Should -Be 'example.test'
        $tests[1].ErrorId | Should -Be 'KmDnsZoneNotFound'
        Get-Text $tests 160 | Should -Match 'IsWorking'
    }

    It 'says that a key is wrong, and how' {
        $null = New-KmDnsAccount wrong Rfc2136 -Server $named.Address -KeyName acme-key -KeySecret (New-Password 'd3JvbmctY2FuYXJ5LTExNTI=')
        $test = Test-KmDnsAccount wrong www.example.test
        $test.ErrorId | Should -Be 'KmDnsCredentialRejected'
        $test.Problem | Should -Match 'BADSIG'
        $test.Remedy | Should -Not -BeNullOrEmpty
        "$($test | Format-List * | Out-String)" | Should -Not -Match 'd3JvbmctY2FuYXJ5LTExNTI='
        Remove-KmDnsAccount wrong
    }

    It 'proves a wildcard to Pebble, by the account whose zone holds it' -Skip:$noPebble {
        $pebble = Start-Pebble $TestDrive -DnsServer $named.Address
        try {
            $null = New-KmAccount pebble -DirectoryUrl $pebble.Url -TrustedRootPath $pebble.Root -AcceptTermsOfService -Default
            $order = New-KmCertificateOrder example.test, *.example.test, alias.example.test | Invoke-KmChallenge
            $order.Status | Should -Be 'Saved'
            (Get-KmCertificate example.test).DomainNames.Count | Should -Be 3
            Test-KmDnsRecord _acme-challenge.example.test -Resolver $named.Address | ForEach-Object { $_.Values } | Should -BeNullOrEmpty
            (Get-Problem { New-KmCertificateOrder www.example.test -DnsAccount lve }).FullyQualifiedErrorId | Should -Match '^KmDnsAccountNotFound,'
            $null = Disable-KmDnsAccount live
            (Get-Problem { New-KmCertificateOrder www.example.test -DnsAccount live }).FullyQualifiedErrorId | Should -Match '^KmDnsAccountDisabled,'
        } finally {
            Stop-Pebble $pebble
        }
    }
}
