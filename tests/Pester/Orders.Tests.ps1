#requires -Version 5.1
# Orders: placing, asking, waiting, cancelling, removing, tables of them, and what a killed process leaves.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
}

AfterAll {
    Stop-KmTest
}

Describe 'Placing orders' {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $null = New-KmAccount private
    }

    It 'takes up the same order again instead of placing another' {
        $first = New-KmCertificateOrder same.test
        $again = New-KmCertificateOrder same.test -WarningVariable said -WarningAction SilentlyContinue
        $again.Id | Should -Be $first.Id
        "$said" | Should -BeLike '*open already*-Force*'
        (New-KmCertificateOrder same.test -Force).Id | Should -Not -Be $first.Id
    }

    It 'takes names from the pipeline' {
        ('one.test', 'two.test' | New-KmCertificateOrder).Name | Should -Be @('one.test', 'two.test')
    }

    It 'uses the kind of key that it is told, and the setting otherwise' {
        "$((New-KmCertificateOrder rsa.test -KeyAlgorithm Rsa -KeyLength 3072).KeySpec)" | Should -Be 'RSA 3072'
        $null = Set-KmSetting DefaultKeyAlgorithm Rsa
        "$((New-KmCertificateOrder default.test).KeySpec)" | Should -Be 'RSA 2048'
        $null = Set-KmSetting DefaultKeyAlgorithm -Reset
    }

    It 'has a syntax that fits two readable lines' {
        $sets = @((Get-Command New-KmCertificateOrder -Syntax) -split '\r?\n' | Where-Object { $_.Trim() })
        $sets.Count | Should -Be 2
        $sets[0] | Should -BeLike 'New-KmCertificateOrder*-DomainName*'
    }
}

Describe 'A table of orders' {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $null = New-KmAccount private
        New-ForeignCsr good.csr good.test
        Set-Content orders.csv -Encoding UTF8 -Value @'
DomainName,KeyAlgorithm,KeyLength,ValidityDays,CsrPath,Account,Name
one.test;www.one.test,Rsa,2048,30,,,
bad..test,,,,,,
two.test,Ecdsa,384,,,private,second
good.test,,,,./good.csr,,
three.test,,,,,nobody,
four.test,,,,,,
'@
        $problems = @()
        $orders = @(Import-Csv orders.csv | New-KmCertificateOrder -ErrorVariable problems -ErrorAction SilentlyContinue | Invoke-KmChallenge)
    }

    It 'becomes one certificate for each good row' {
        $orders.Name | Should -Be @('one.test', 'second', 'good.test', 'four.test')
        $orders.Status | Select-Object -Unique | Should -Be 'Saved'
        (Get-KmCertificate).Count | Should -Be 4
    }

    It 'fails the bad rows one by one, and names them' {
        @($problems | ForEach-Object { $_.FullyQualifiedErrorId.Split(',')[0] } | Select-Object -Unique) | Should -Be @('KmInvalidDomainName', 'KmAccountNotFound')
        $problems[0].TargetObject | Should -Be 'bad..test'
    }

    It 'heeds what a cell says' {
        "$($orders[0].KeySpec)" | Should -Be 'RSA 2048'
        "$($orders[0].DomainNames)" | Should -Be 'one.test www.one.test'
        "$($orders[1].KeySpec)" | Should -Be 'ECDSA P-384'
        (Get-KmCertificate one.test).DaysLeft | Should -Be 29
    }

    It 'takes an empty cell for nothing given' {
        "$($orders[3].KeySpec)" | Should -Be 'ECDSA P-256'
        (Get-KmCertificate four.test).DaysLeft | Should -Be 89
    }

    It 'uses the request of a row that names one' {
        (Get-KmCertificate good.test).HasPrivateKey | Should -BeFalse
        "$($orders[2].KeySpec)" | Should -Be 'RSA 2048'
    }

    It 'refuses a key for a request that has one' {
        $row = [pscustomobject]@{ DomainName = ''; CsrPath = './good.csr'; KeyAlgorithm = 'Ecdsa' }
        $problem = Get-Problem { $row | New-KmCertificateOrder -Force }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmInvalidParameter,*'
        $problem.TargetObject | Should -Be './good.csr'
    }
}

Describe 'Open orders' {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $server = Start-DeafServer
        $null = New-KmAccount slow -Setting @{ Validation = 'Http01'; ValidationAddress = "$($server.LocalEndpoint)" }
        $order = New-KmCertificateOrder slow.test
    }

    AfterAll {
        $server.Stop()
    }

    It 'say what they wait for' {
        $order.Status | Should -Be 'PendingValidation'
        $challenge = Get-KmChallenge slow.test
        $challenge.Type | Should -Be 'Http01'
        $challenge.Location | Should -BeLike 'http://slow.test/.well-known/acme-challenge/*'
        $challenge.Value | Should -Not -BeNullOrEmpty
    }

    It 'stay as they are when the authority is asked' {
        ($order | Sync-KmCertificateOrder).Status | Should -Be 'PendingValidation'
    }

    It 'are not waited for when the next step is ours' {
        $problem = Get-Problem { Wait-KmCertificateOrder slow.test -Timeout 1:0:0 }
        $problem.FullyQualifiedErrorId | Should -Be 'KmChallengeNotPublished,KeyManager.Commands.WaitKmCertificateOrderCommand'
        $problem.TargetObject | Should -Be $order.Id
        $problem.ErrorDetails.RecommendedAction | Should -BeLike '*Invoke-KmChallenge*'
    }

    # The server never answers; the check gives up after ten seconds, so what ends sooner was ended.
    It 'let go soon after Ctrl-C in the middle of a proof' {
        $stop = Stop-Command "Invoke-KmChallenge slow.test -AlreadyPublished -StorePath '$env:KM_STORE'" -When { $server.Pending() }
        $server.AcceptTcpClient().Dispose()
        $stop.RanUntilThen | Should -BeTrue -Because "$($stop.Errors)"
        $stop.State | Should -Be 'Stopped'
        (Get-KmCertificateOrder slow.test).Status | Should -Be 'PendingValidation' -Because 'a proof that was not looked at has not failed'
        { Sync-KmCertificateOrder slow.test -ErrorAction Stop } | Should -Not -Throw -Because 'the lease is free again'
    }

    It 'end the process on SIGINT in the middle of a proof' -Skip:($PSVersionTable.PSEdition -ne 'Core' -or $IsWindows) {
        if ((Test-Path /proc/self/status) -and ((Get-Content /proc/self/status) -match '^SigIgn:\s*[0-9a-f]+[2367abef]$')) {
            Set-ItResult -Skipped -Because 'this process ignores SIGINT, as what a shell runs in the background does, and so does what it starts'
            return
        }

        $process = Start-OtherProcess "'ready'; Invoke-KmChallenge slow.test -AlreadyPublished"
        try {
            $connection = Wait-DeafServer $server
            & kill -INT $process.Id
            $process.WaitForExit(60000) | Should -BeTrue
        } finally {
            if (-not $process.HasExited) { $process.Kill() }
            $process.Dispose()
            $connection.Dispose()
        }

        (Get-KmCertificateOrder slow.test).Status | Should -Be 'PendingValidation' -Because 'a proof that was not looked at has not failed'
        { Sync-KmCertificateOrder slow.test -ErrorAction Stop } | Should -Not -Throw -Because 'the lease is free again'
    }

    It 'are cancelled at the authority' {
        (Stop-KmCertificateOrder slow.test -Force).Status | Should -Be 'Cancelled'
        $problem = Get-Problem { Stop-KmCertificateOrder slow.test -Force }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmOrderStateInvalid,*'
    }

    It 'are removed here only, and the user is told' {
        Remove-KmCertificateOrder slow.test -Force -WarningVariable said -WarningAction SilentlyContinue
        "$said" | Should -BeLike '*removed here only*'
        (Get-Problem { Get-KmCertificateOrder slow.test }).FullyQualifiedErrorId | Should -BeLike 'KmOrderNotFound,*'
    }
}

Describe 'A proof that fails' {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $null = New-UnprovableAccount
        $null = New-KmCertificateOrder fails.test
    }

    It 'is not tried when nothing could publish it, and the order stays open' {
        $problem = Get-Problem { Invoke-KmChallenge fails.test }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmChallengeNotPublished,*'
        (Get-KmCertificateOrder fails.test).Status | Should -Be 'PendingValidation'
    }

    It 'makes the order Failed and says why' {
        $problem = Get-Problem { Invoke-KmChallenge fails.test -AlreadyPublished }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmChallengeFailed,*'
        $order = Get-KmCertificateOrder -Status Failed
        $order.ErrorId | Should -Be 'KmChallengeFailed'
        $order.ErrorDetail | Should -BeLike '*fails.test*'
    }

    It 'ends that order for good; the next one has new challenges' {
        (Get-Problem { Invoke-KmChallenge fails.test }).FullyQualifiedErrorId | Should -BeLike 'KmOrderStateInvalid,*'
        $before = Get-KmChallenge fails.test
        $null = New-KmCertificateOrder fails.test
        (Get-KmChallenge fails.test).Value | Should -Not -Be $before.Value
    }
}

Describe 'A process that was killed' {
    It 'leaves orders that the same command takes up again, each once' {
        $null = Start-KmTest $TestDrive
        $server = Start-DeafServer
        $null = New-KmAccount private
        $null = New-KmAccount slow -Setting @{ Validation = 'Http01'; ValidationAddress = "$($server.LocalEndpoint)" }
        Set-Content orders.csv -Encoding UTF8 -Value 'DomainName,Account', 'one.test,private', 'two.test,private', 'killed.test,slow', 'four.test,private', 'five.test,private'
        $process = Start-OtherProcess "'ready'; Import-Csv orders.csv | New-KmCertificateOrder | Invoke-KmChallenge -AlreadyPublished"
        try {
            # It is in the middle of the third order for as long as the server is silent.
            $connection = Wait-DeafServer $server
            $process.Kill()
            $process.WaitForExit()
        } finally {
            if (-not $process.HasExited) { $process.Kill() }
            $process.Dispose()
            if ($connection) { $connection.Dispose() }
            $server.Stop()
        }

        (Get-KmCertificateOrder).Name | Should -Be @('killed.test', 'two.test', 'one.test')
        (Get-KmCertificate).Name | Sort-Object | Should -Be @('one.test', 'two.test')

        # Its lease on the order it worked at runs out by itself; until then that one order is busy.
        $busy = @()
        Import-Csv orders.csv | Where-Object { -not (Get-KmCertificate $_.DomainName -ErrorAction SilentlyContinue) } |
            New-KmCertificateOrder -WarningAction SilentlyContinue -ErrorVariable +busy -ErrorAction SilentlyContinue |
            Invoke-KmChallenge -ErrorVariable +busy -ErrorAction SilentlyContinue | Out-Null

        $killed = Get-KmCertificateOrder killed.test
        @($busy | ForEach-Object { $_.FullyQualifiedErrorId.Split(',')[0] } | Select-Object -Unique) | Should -Be 'KmOrderBusy' -Because "$busy"
        @($busy | ForEach-Object TargetObject | Select-Object -Unique) | Should -Be $killed.Id
        $killed.Status | Should -Be 'PendingValidation'
        (Get-KmCertificateOrder).Name | Sort-Object | Should -Be @('five.test', 'four.test', 'killed.test', 'one.test', 'two.test') -Because 'no name was ordered twice'
        (Get-KmCertificate).Name | Sort-Object | Should -Be @('five.test', 'four.test', 'one.test', 'two.test')
        Test-KmAuditTrail | Should -BeTrue
    }
}
