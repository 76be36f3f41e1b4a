#requires -Version 5.1
# Moving over from other programs at the prompt: the steps of docs/moving.md with the real Certbot and lego in front of a Pebble.

BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
    $noCertbot = -not ((Test-Pebble) -and (Get-Command certbot -CommandType Application -ErrorAction SilentlyContinue))
    $noLego = -not ((Test-Pebble) -and (Get-Command lego -CommandType Application -ErrorAction SilentlyContinue))
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
}

AfterAll {
    Stop-KmTest
}

Describe 'Certbot' -Skip:$noCertbot {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $pebble = Start-Pebble $TestDrive
        $env:REQUESTS_CA_BUNDLE = $pebble.Root
        $folder = Join-Path $TestDrive 'letsencrypt'
        Invoke-ForeignClient certbot 'certonly', '--standalone', '--http-01-address', '127.0.0.1', '--http-01-port', $pebble.HttpPort, '-d', 'www.contoso.test', '--reuse-key', '--key-type', 'ecdsa',
            '--deploy-hook', 'true --token hunter2', '--config-dir', $folder, '--work-dir', "$TestDrive/work", '--logs-dir', "$TestDrive/logs", '--server', $pebble.Url, '-n', '--agree-tos', '-m', 'ops@contoso.test'
        $from = @{ From = 'certbot'; Path = $folder; TrustedRootPath = $pebble.Root }
        function Get-Everything { (Get-ChildItem $folder -Recurse -File -Force | Sort-Object FullName | ForEach-Object { "$($_.FullName) $($_.LastWriteTimeUtc.Ticks)" }) -join "`n" }
        $before = Get-Everything
    }

    AfterAll {
        $env:REQUESTS_CA_BUNDLE = $null
        Stop-Pebble $pebble
    }

    It 'shows the plan and stores nothing with -WhatIf' {
        $state = Get-StoreState
        $plan = Import-KmCertificate @from -WhatIf
        $plan.Outcome | Select-Object -Unique | Should -Be 'Planned', 'ByHand'
        ($plan | ForEach-Object { "$($_.Kind)" }) -join ' ' | Should -Be 'Account Certificate Renewal DeployHook Task'
        Get-StoreState | Should -Be $state
        Get-Text $plan | Should -Match 'Planned Renewal'
        ($plan | Out-String -Width 300) + ($plan | Format-List | Out-String -Width 300) | Should -Not -Match 'hunter2'
    }

    It 'takes over, and says the second time that all is here' {
        $results = Import-KmCertificate @from -Tag moved
        ($results | Where-Object Outcome -EQ Added).Kind | Should -Be 'Account', 'Certificate', 'Renewal'
        (Get-KmCertificate -Tag moved).Name | Should -Be 'www.contoso.test'
        (Import-KmCertificate @from | Where-Object Outcome -EQ Same).Count | Should -Be 3
        Get-Everything | Should -Be $before
    }

    It 'holds the renewal, rehearses it, and renews with the same key when told to' {
        (Get-KmCertificateOrder www.contoso.test).AutoRenew | Should -BeFalse
        (Test-KmRenewal www.contoso.test | Where-Object Subject -EQ Plan).Remedy | Should -Be 'Set-KmCertificateOrder www.contoso.test -AutoRenew $true'
        $account = (Get-KmAccount).Name
        (Test-KmRenewal www.contoso.test -Rehearse | Where-Object Subject -EQ Rehearsal).Remedy | Should -Match '-Environment Staging'
        (Test-KmRenewal www.contoso.test -RehearsalAccount $account -Resolver None | Where-Object Subject -EQ Rehearsal).Severity | Should -Be 'Information'
        (Get-KmCertificate www.contoso.test).Version | Should -Be 1
        $key = (Get-KmCertificate www.contoso.test).PrivateKeyId
        Set-KmCertificateOrder www.contoso.test -AutoRenew $true -WhatIf
        (Get-KmCertificateOrder www.contoso.test).AutoRenew | Should -BeFalse
        (Set-KmCertificateOrder www.contoso.test -AutoRenew $true).AutoRenew | Should -BeTrue
        (Invoke-KmRenewal www.contoso.test -Force | Where-Object Name).Outcome | Should -Be 'Renewed'
        $renewed = Get-KmCertificate www.contoso.test
        "$($renewed.Version) $($renewed.PrivateKeyId)" | Should -Be "2 $key"
        Get-Everything | Should -Be $before
    }

    It 'names what is wrong: program, folder, name, two ways of proof' {
        Get-ErrorId { Import-KmCertificate -From certbat } | Should -Match '^KmForeignToolNotFound'
        (Get-Problem { Import-KmCertificate -From certbat }).ErrorDetails.RecommendedAction | Should -Match 'certbot'
        Get-ErrorId { Import-KmCertificate -From certbot ./nowhere } | Should -Match '^KmForeignDataNotFound'
        Get-ErrorId { Import-KmCertificate @from -Name 'nix*' } | Should -Match '^KmForeignDataNotFound'
        Get-ErrorId { Set-KmCertificateOrder www.contoso.test -WebRootPath . -ListenAddress '*:80' } | Should -Match '^KmInvalidParameter'
        Get-ErrorId { Set-KmCertificateOrder www.contoso.test } | Should -Match '^KmInvalidParameter'
        Get-ErrorId { Set-KmCertificateOrder www.contoso.test -DaysBeforeExpiry 0 } | Should -Match '^KmInvalidParameter'
    }

    It 'completes the program and gives help' {
        Get-Completion 'Import-KmCertificate -From ' | Should -Contain 'certbot'
        Get-Completion 'Import-KmCertificate -From l' | Should -Contain 'lego'
        (Get-Help Import-KmCertificate -Parameter From).description.Text | Should -Match 'certbot'
        (Get-Help Test-KmRenewal -Parameter Rehearse).description.Text | Should -Match 'staging'
    }
}

Describe 'lego' -Skip:$noLego {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $pebble = Start-Pebble $TestDrive
        $env:LEGO_CA_CERTIFICATES = $pebble.Root
        $folder = Join-Path $TestDrive 'lego'
        Invoke-ForeignClient lego '--accept-tos', '--server', $pebble.Url, '--email', 'ops@contoso.test', '--path', $folder, '--http', '--http.port', "127.0.0.1:$($pebble.HttpPort)", '-d', 'shop.contoso.test', 'run'
    }

    AfterAll {
        $env:LEGO_CA_CERTIFICATES = $null
        Stop-Pebble $pebble
    }

    It 'has its directory named, and the way of proof said' {
        $options = @{ From = 'lego'; Path = $folder; TrustedRootPath = $pebble.Root }
        (Import-KmCertificate @options -WhatIf | Where-Object Kind -EQ Account).Remedy | Should -Match '-DirectoryUrl'
        (Import-KmCertificate @options -DirectoryUrl $pebble.Url | Where-Object Kind -EQ Renewal).Outcome | Should -Be 'ByHand'
        $order = Set-KmCertificateOrder shop.contoso.test -ListenAddress "127.0.0.1:$($pebble.HttpPort)" -ChallengeType Http01
        $order.ListenAddress | Should -Be "127.0.0.1:$($pebble.HttpPort)"
        (Test-KmRenewal shop.contoso.test -RehearsalAccount (Get-KmAccount) -Resolver None | Where-Object Subject -EQ Rehearsal).Severity | Should -Be 'Information'
    }
}
