#requires -Version 5.1
# Renewals that run themselves, at a real prompt: policies, the plan, the run, what a scheduler sees, notices.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
}

AfterAll {
    Stop-KmTest
}

Describe 'Auto-renewal, step by step' {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $null = New-KmAccount private
        $null = 'www.test', 'mail.test' | New-KmCertificateOrder -ValidityDays 30 | Invoke-KmChallenge
    }

    It 'has a plan with a reason in every line, and -WhatIf changes nothing' {
        $before = Get-StoreState
        $plan = @(Invoke-KmRenewal -WhatIf)
        $plan.Name | Sort-Object | Should -Be @('mail.test', 'www.test')
        $plan | ForEach-Object { "$($_.Status)" | Should -Be 'NotDue'; $_.Reason | Should -BeLike 'not due: a third of its life is left from *' }
        Get-StoreState | Should -Be $before
    }

    It 'does nothing before its time, and says so in one line' {
        $said = Invoke-KmRenewal
        $said.Renewed | Should -Be 0
        "$said" | Should -BeLike '0 renewed, 0 deployed, 0 failed*next look*'
        @(($said | Out-String).Trim() -split '\r?\n').Count | Should -Be 3
    }

    It 'takes policies: which, when, DNS account, key length, keystore type, contacts (switch on and off)' {
        $policy = Get-KmCertificate www.test | Set-KmRenewalPolicy web -DaysBeforeExpiry 20 -KeyAlgorithm Rsa -KeyLength 2048 -KeystoreType Jks -AdminContact ops -TechnicalContact ops
        $policy.KeyLength | Should -Be 2048
        (Set-KmRenewalPolicy web -DaysBeforeExpiry 15).KeyLength | Should -Be 2048
        (Set-KmRenewalPolicy web -AdminContact $null -TechnicalContact $null -KeyAlgorithm $null -KeyLength $null).KeyLength | Should -BeNullOrEmpty
        (Disable-KmRenewalPolicy web).IsEnabled | Should -BeFalse
        (Invoke-KmRenewal www.test -WhatIf).Reason | Should -Be 'policy web is switched off'
        (Enable-KmRenewalPolicy web).IsEnabled | Should -BeTrue
        (Invoke-KmRenewal www.test -WhatIf).Policy | Should -Be 'web'
        (Get-KmRenewalPolicy | Out-String) | Should -BeLike '*web*15 days before its end*'
        (TabExpansion2 'Get-KmRenewalPolicy ').CompletionMatches.CompletionText | Should -Contain 'web'
    }

    It 'renews what is asked for, in the place of the old version' {
        $result, $summary = Invoke-KmRenewal www.test -Force -Confirm:$false
        "$($result.Outcome)" | Should -Be 'Renewed'
        $summary.Renewed | Should -Be 1
        (Get-KmCertificate www.test).Version | Should -Be 2
        (Get-KmCertificateHistory www.test).Count | Should -Be 2
    }

    It 'renews what was revoked at the next run, and the audit has it' {
        $null = Revoke-KmCertificate mail.test -Force
        (Invoke-KmRenewal)[0].Reason | Should -BeLike 'it was revoked*'
        $line = Get-KmAuditEvent -Category AutoRenewal | Select-Object -First 1
        $line.Action | Should -Be 'CertificateRenewed'
        $line.SubjectName | Should -Be 'mail.test'
        (Get-KmAuditEvent Schedule | Select-Object -First 1).Action | Should -Be 'RenewalSweep'
    }

    It 'tells what a failure is and when it is tried again, and a scheduler sees it' {
        $null = New-KmAccount second
        $null = New-KmCertificateOrder bad.test -Account second | Invoke-KmChallenge
        $null = Revoke-KmCertificate bad.test -Force
        $null = Disable-KmAccount second -Force
        $pwsh = (Get-Process -Id $PID).Path
        $command = "Import-Module '$(Get-ManifestPath)'; Invoke-KmRenewal -Confirm:`$false -ErrorAction SilentlyContinue; exit [int](-not `$?)"
        $said = & $pwsh -NoProfile -NonInteractive -Command $command | Out-String
        $LASTEXITCODE | Should -Be 1
        $said | Should -BeLike '*bad.test*Failed*Renewed*Deployed*Failed*Waiting*'
        # Not before a minute: the next run has nothing to do.
        $again = & $pwsh -NoProfile -NonInteractive -Command $command | Out-String
        $LASTEXITCODE | Should -Be 0
        $again | Should -Not -BeLike '*bad.test*'
        (Invoke-KmRenewal bad.test -WhatIf).Reason | Should -BeLike '1 attempts failed; the next is not before *deactivated*'
        $failure = (Get-Problem { Invoke-KmRenewal bad.test -Force })[0]
        $failure.FullyQualifiedErrorId | Should -BeLike 'KmAccountDeactivated*'
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'tells everything that would stop the next renewal' {
        $found = Test-KmRenewal www.test
        $found.Subject | Should -Contain 'Plan'
        $found.Subject | Should -Contain 'Account'
        $found | Where-Object Severity -EQ 'Problem' | Should -BeNullOrEmpty
        $null = Disable-KmRenewalPolicy web
        (Test-KmRenewal www.test)[0].Remedy | Should -Be 'Enable-KmRenewalPolicy web'
        $null = Enable-KmRenewalPolicy web
    }

    It 'shows the task that it would register, and registers nothing under -WhatIf' {
        $scheduler = if ($IsLinux -or $IsMacOS) { 'Cron' } else { 'WindowsTask' }
        $problem = Get-Problem { Register-KmRenewalTask -Scheduler $scheduler -At 03:17 -WhatIf }
        if ($problem) { $problem[0].FullyQualifiedErrorId | Should -BeLike 'KmInvalidParameter*' }
        (Get-Problem { Unregister-KmRenewalTask gone-task -Force })[0].FullyQualifiedErrorId | Should -BeLike 'KmRenewalTaskNotFound*'
        (Get-Problem { Register-KmRenewalTask 'a b' })[0].FullyQualifiedErrorId | Should -BeLike 'KmInvalidParameter*'
    }

    It 'refuses policies that cannot be' {
        (Get-Problem { Set-KmRenewalPolicy x -DaysBeforeExpiry 0 })[0].FullyQualifiedErrorId | Should -BeLike 'KmInvalidParameter*'
        (Get-Problem { Set-KmRenewalPolicy x -DnsAccount gone })[0].FullyQualifiedErrorId | Should -BeLike 'KmDnsAccountNotFound*'
        (Get-Problem { Get-KmRenewalPolicy gone })[0].FullyQualifiedErrorId | Should -BeLike 'KmRenewalPolicyNotFound*'
        Remove-KmRenewalPolicy web
        Get-KmRenewalPolicy | Should -BeNullOrEmpty
    }
}

Describe 'Notices' {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $null = New-KmAccount private
        $null = New-KmCertificateOrder www.test | Invoke-KmChallenge
        $script = Join-Path (Get-Location) 'tell.ps1'
        'param($Subject, $Text, $Event, $Name) "$Subject|$Event|$Name" | Add-Content (Join-Path $PSScriptRoot told.txt)' | Set-Content $script
        $told = Join-Path (Get-Location) 'told.txt'
    }

    It 'tells a script of a test, and of what was renewed, once' {
        $policy = Set-KmNotificationPolicy admins -Channel Script -ScriptPath ./tell.ps1
        "$($policy.Events)" | Should -Be 'All'
        Send-KmNotification admins
        Get-Content $told | Should -Be '[KeyManager] Test||'
        $null = Invoke-KmRenewal www.test -Force
        (Get-Content $told)[-1] | Should -BeLike '*www.test was renewed*|Renewed|www.test'
        Send-KmNotification -Pending
        @(Get-Content $told).Count | Should -Be 2
    }

    It 'does not fail a renewal when nobody takes the notice' {
        'throw "nobody"' | Set-Content $script
        $result = Invoke-KmRenewal www.test -Force -WarningVariable said -WarningAction SilentlyContinue
        "$($result[0].Outcome)" | Should -Be 'Renewed'
        "$said" | Should -BeLike '*not delivered*tried again*'
        (Get-KmAuditEvent Notification | Select-Object -First 1).Succeeded | Should -BeFalse
    }

    It 'keeps the address of a webhook to itself' {
        $policy = Set-KmNotificationPolicy team -Channel Slack -Url (New-Password 'https://hooks.test/services/very-secret') -Event Failed
        $policy.WebhookHost | Should -Be 'hooks.test'
        ($policy | Format-List * | Out-String) | Should -Not -BeLike '*very-secret*'
        "$(Get-KmAuditEvent | Out-String -Width 500)" | Should -Not -BeLike '*very-secret*'
        (Get-Problem { Set-KmNotificationPolicy x -To nobody -SmtpServer m })[0].FullyQualifiedErrorId | Should -BeLike 'KmInvalidParameter*'
        (Get-Problem { Send-KmCertificate www.test -To a@test })[0].FullyQualifiedErrorId | Should -BeLike 'KmInvalidParameter*'
        Remove-KmNotificationPolicy admins, team
        Get-KmNotificationPolicy | Should -BeNullOrEmpty
    }

    It 'leaves everything alone with -WhatIf: <what>' -ForEach @(
        @{ what = 'Register-KmRenewalTask'; call = { Register-KmRenewalTask -WhatIf } }
        @{ what = 'Unregister-KmRenewalTask'; call = { Unregister-KmRenewalTask -Force -WhatIf } }
        @{ what = 'Send-KmCertificate'; call = { Send-KmCertificate www.test -To ada@contoso.com -WhatIf } }
    ) {
        $before = Get-StoreState
        $null = Get-Problem $call # a machine without a scheduler, a task or a mail server says so
        Get-StoreState | Should -Be $before
    }
}

Describe 'Eight processes at the same time' {
    It 'renew each of 200 certificates that are due once' {
        $folder = Start-KmTest $TestDrive
        $null = New-KmAccount private
        1..200 | ForEach-Object { "a$_.test" } | New-KmCertificateOrder | Invoke-KmChallenge | Out-Null
        Get-KmCertificate | Revoke-KmCertificate -Force | Out-Null # due at once
        $script = Join-Path $folder 'sweep.ps1'
        Set-Content $script -Value "Import-Module '$(Get-ManifestPath)'", '(Invoke-KmRenewal -Confirm:$false | Where-Object Outcome -eq Renewed).Name'
        $shell = (Get-Process -Id $PID).Path
        $processes = foreach ($i in 1..8) {
            Start-Process $shell -ArgumentList '-NoProfile', '-NonInteractive', '-File', "`"$script`"" -RedirectStandardOutput (Join-Path $folder "$i.out") -RedirectStandardError (Join-Path $folder "$i.err") -PassThru
        }
        $processes | Wait-Process -Timeout 180
        Get-Content (Join-Path $folder '*.err') | Should -BeNullOrEmpty
        $renewed = @(Get-Content (Join-Path $folder '*.out') | Where-Object { $_ })
        $renewed.Count | Should -Be 200
        @($renewed | Sort-Object -Unique).Count | Should -Be 200
        @(Get-KmCertificate | Where-Object Version -ne 2).Count | Should -Be 0
        @(Get-KmCertificateOrder).Count | Should -Be 400
    }
}
