#requires -Version 5.1
# Deployment at the prompt: the steps of docs/deployment.md, on a folder, by a script, and the script for Windows with doubles of its commands.

BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
}

AfterAll {
    Stop-KmTest
}

Describe 'Map, verify, deploy' {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $null = New-KmAccount private -Authority Local
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive 'tls')).FullName
    }

    It 'offers the kinds and their settings' {
        (Get-Completion 'New-KmDeployTarget x -Kind ') | Should -Contain 'Ssh'
        (Get-Completion 'New-KmDeployTarget x -Kind Ssh -Rec') | Should -Contain '-Recipe'
        (Get-Completion 'New-KmDeployTarget x -Kind Ssh -Recipe Ng') | Should -Contain 'Nginx'
        (Get-KmProvider Ssh).Settings.Name | Should -Contain 'HostKey'
        (Get-KmProvider Windows).ProvedOn | Should -Match 'doubles of their commands only'
    }

    It 'stores a target' {
        $target = New-KmDeployTarget here -Kind Local -FullChainPath "$folder/{name}.crt" -PrivateKeyPath "$folder/{name}.key" -Endpoint None
        $target.Kind | Should -Be 'Local'
        (Get-KmDeployTarget here).Settings['Endpoint'] | Should -Be 'None'
        Get-Text (Get-KmDeployTarget) | Should -Match 'here +Local'
    }

    It 'tries it out and leaves nothing' {
        $test = Test-KmDeployTarget here
        $test.IsWorking | Should -BeTrue
        Get-ChildItem $folder -Force | Should -BeNullOrEmpty
    }

    It 'maps the domain, and offers the target' {
        (Get-Completion 'Set-KmDomainMapping contoso.com -DeployTarget ') | Should -Contain 'here'
        (Set-KmDomainMapping contoso.com -DeployTarget here).DeployTargets | Should -Be 'here'
    }

    It 'deploys what is issued for it' {
        $order = New-KmCertificateOrder www.contoso.com | Invoke-KmChallenge -WarningVariable warning -WarningAction SilentlyContinue
        $order.Status | Should -Be 'Saved'
        "$warning" | Should -Match 'nobody saw it served'
        (Get-ChildItem $folder).Name | Sort-Object | Should -Be @('www.contoso.com.crt', 'www.contoso.com.key')
        $deployment = Get-KmDeployTarget here -Deployment
        $deployment.Status | Should -Be 'DeployedUnverified'
        Get-Text $deployment -List | Should -Match 'www\.contoso\.com\.key'
    }

    It 'says what it would do' {
        $before = (Get-Item (Join-Path $folder 'www.contoso.com.key')).LastWriteTimeUtc
        Install-KmCertificate www.contoso.com -Force -WhatIf | Should -BeNullOrEmpty
        @(Get-KmDeployTarget here -Deployment).Count | Should -Be 1
        (Get-Item (Join-Path $folder 'www.contoso.com.key')).LastWriteTimeUtc | Should -Be $before
    }

    It 'has nothing to do a second time, and does it again with -Force' {
        (Install-KmCertificate www.contoso.com -WarningAction SilentlyContinue).IsChanged | Should -BeFalse
        (Install-KmCertificate www.contoso.com -Force -WarningAction SilentlyContinue).Status | Should -Be 'DeployedUnverified'
    }

    It 'deploys renewals' {
        $null = Update-KmCertificate www.contoso.com -Force -WarningAction SilentlyContinue
        (Get-KmDeployTarget here -Deployment)[0].Version | Should -Be 2
    }

    It 'looks what a service serves' {
        $port = Get-FreePort
        $test = Test-KmCertificate www.contoso.com -ComputerName localhost -Port $port
        $test.IsServed | Should -BeFalse
        $test.Problem | Should -Match "localhost:$port"
    }

    It 'keeps a target that is needed, and takes away what it put there' {
        (Get-Problem { Remove-KmDeployTarget here }).FullyQualifiedErrorId | Should -BeLike 'KmDeployTargetInUse,*'
        (Uninstall-KmCertificate www.contoso.com).Status | Should -Be 'Removed'
        Get-ChildItem $folder -Force | Should -BeNullOrEmpty
        Remove-KmDomainMapping contoso.com
        Remove-KmDeployTarget here
        Get-KmDeployTarget | Should -BeNullOrEmpty
        (Get-Problem { Install-KmCertificate www.contoso.com }).FullyQualifiedErrorId | Should -BeLike 'KmDomainNotMapped,*'
    }
}

Describe 'A script of yours' {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $null = New-KmAccount private -Authority Local
        $null = New-KmCertificateOrder www.contoso.com | Invoke-KmChallenge
        $script = Join-Path $TestDrive 'deploy.ps1'
        $seen = Join-Path $TestDrive 'seen.txt'
        Set-Content $script @"
param(`$Action, `$Certificate, [string] `$FullChain, [securestring] `$PrivateKey, [string] `$Target)
Add-Content '$seen' "`$Action `$(`$Certificate.Name) `$Target `$([bool] `$PrivateKey) `$(`$FullChain.Substring(0, 27))"
"@
    }

    It 'gets the certificate as an object and the key as a SecureString' {
        $null = New-KmDeployTarget balancer -Kind Script -ScriptPath $script -Endpoint None
        $deployment = Install-KmCertificate www.contoso.com -DeployTarget balancer -WarningAction SilentlyContinue
        $deployment.Status | Should -Be 'DeployedUnverified'
        Get-Content $seen | Should -Be 'Install www.contoso.com balancer True -----BEGIN CERTIFICATE-----'
    }

    It 'fails with its own words and is asked to go back' {
        Set-Content $script 'param($Action, $Certificate, $FullChain, $PrivateKey, $Target) if ($Action -eq ''Install'') { throw ''the balancer is full'' }'
        $problem = Get-Problem { Install-KmCertificate www.contoso.com -DeployTarget balancer -Force -ErrorAction Stop }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmScriptFailed,*'
        "$problem" | Should -Match 'the balancer is full'
        (Get-KmDeployTarget balancer -Deployment)[0].Status | Should -Be 'RolledBack'
    }
}

Describe 'A script block of yours' {
    It 'takes the place of the file, and is shown in what would be done' {
        $null = Start-KmTest $TestDrive
        $null = New-KmAccount private -Authority Local
        $null = New-KmCertificateOrder www.contoso.com | Invoke-KmChallenge
        $global:seen = [Collections.Generic.List[string]]::new()
        $target = New-KmDeployTarget block -Kind Script -Endpoint None -Script {
            param($Action, $Certificate, [string] $FullChain, [securestring] $PrivateKey, [string] $Target)
            if ($Action -eq 'Install' -and $global:isFull) { throw 'the balancer is full' }
            $global:seen.Add("$Action $($Certificate.Name) $Target $([bool] $PrivateKey)")
        }
        $target.Settings['Script'] | Should -Match 'the balancer is full'
        (Test-KmDeployTarget block).IsWorking | Should -BeTrue
        (Install-KmCertificate www.contoso.com -DeployTarget block -WarningAction SilentlyContinue).Status | Should -Be 'DeployedUnverified'
        $global:isFull = $true
        "$(Get-Problem { Install-KmCertificate www.contoso.com -DeployTarget block -Force -ErrorAction Stop })" | Should -Match 'script block of block failed: the balancer is full'
        $global:seen | Should -Be @('Test km-test block False', 'Install www.contoso.com block True', 'Rollback www.contoso.com block False')
        (Get-Problem { Set-KmDeployTarget block -ScriptPath /none.ps1 }).FullyQualifiedErrorId | Should -BeLike 'KmInvalidSetting,*'
        Remove-Variable seen, isFull -Scope Global
    }
}

Describe 'A session of remoting' -Skip:(-not (Test-SshRemoting)) {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $null = New-KmAccount private -Authority Local
        $null = New-KmCertificateOrder store.contoso.com -KeyAlgorithm Rsa | Invoke-KmChallenge
        $thumbprint = (Get-KmCertificate store.contoso.com).Thumbprint
        $server = Start-SshRemoting $TestDrive
        $session = New-SshSession $server
        # A home of its own: the store of certificates of .NET lies below it.
        $there = (New-Item -ItemType Directory (Join-Path $TestDrive 'there')).FullName
        Invoke-Command -Session $session { $env:HOME = $using:there }
        $null = New-KmDeployTarget far -Kind Windows -ComputerName $session.ComputerName -StoreLocation CurrentUser -StateFolder (Join-Path $there 'state') -Endpoint None
        function Get-Stored {
            Invoke-Command -Session $session {
                $store = [Security.Cryptography.X509Certificates.X509Store]::new('My', 'CurrentUser')
                $store.Open('ReadOnly')
                try { @($store.Certificates | Where-Object HasPrivateKey).Thumbprint } finally { $store.Close() }
            }
        }
    }

    AfterAll {
        if ($session) { Remove-PSSession $session }
        if ($server) { Stop-SshRemoting $server }
    }

    It 'carries the trial, the certificate with its key, and its end' {
        (Test-KmDeployTarget far -Session $session).IsWorking | Should -BeTrue
        (Install-KmCertificate store.contoso.com -DeployTarget far -Session $session -WarningVariable warning -WarningAction SilentlyContinue).Status | Should -Be 'DeployedUnverified'
        "$warning" | Should -Not -Match 'session'
        Get-Stored | Should -Be $thumbprint
        Get-ChildItem -Recurse -Force -File (Join-Path $there '.dotnet') | Should -Not -BeNullOrEmpty    # there, and nowhere else
        (Uninstall-KmCertificate store.contoso.com -Session $session).Status | Should -Be 'Removed'
        Get-Stored | Should -BeNullOrEmpty
        $session.State | Should -Be 'Opened'
    }

    It 'says what the other side says, and what is wrong with the session' {
        Invoke-Command -Session $session { function Get-CimInstance { throw 'the listener is on fire' } }
        $null = Set-KmDeployTarget far -Recipe RdpListener
        "$(Get-Problem { Install-KmCertificate store.contoso.com -DeployTarget far -Session $session -ErrorAction Stop })" | Should -Match 'the listener is on fire'
        (Get-KmDeployTarget far -Deployment)[0].Status | Should -Be 'Failed'
        $lost = New-SshSession $server
        Invoke-Command -Session $lost { function Get-CimInstance { Stop-Process -Id $PID -Force } }
        $problem = Get-Problem { Install-KmCertificate store.contoso.com -DeployTarget far -Session $lost -ErrorAction Stop }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmTargetUnreachable,*'
        $null = Set-KmDeployTarget far -Recipe Store
        $closed = New-SshSession $server
        Remove-PSSession $closed
        $problem = Get-Problem { Install-KmCertificate store.contoso.com -DeployTarget far -Session $closed -Force -ErrorAction Stop }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmInvalidParameter,*'
        "$problem" | Should -Match 'is Closed'
    }

    It 'warns of a session that no target wants' {
        $null = New-KmDeployTarget other -Kind Windows -StoreLocation CurrentUser -StateFolder (Join-Path $TestDrive 'here') -Endpoint None
        $null = Install-KmCertificate store.contoso.com -DeployTarget other -Session $session -WhatIf -WarningVariable warning -WarningAction SilentlyContinue
        "$warning" | Should -Match "no target here has the -ComputerName $($session.ComputerName)"
    }
}

Describe 'Challenge files on a computer with IIS' {
    It 'lie below its web root with a web.config, and leave nothing' {
        $null = Start-KmTest $TestDrive
        $root = (New-Item -ItemType Directory (Join-Path $TestDrive 'inetpub wwwroot')).FullName
        $null = New-KmAccount private -Authority Local -Setting @{ Validation = 'Http01' }
        $null = New-KmDeployTarget iis -Kind Windows -StoreLocation CurrentUser -WebRoot $root -WebConfig -Endpoint None
        (Test-KmDeployTarget iis).IsWorking | Should -BeTrue
        $null = Set-KmDomainMapping contoso.com -DeployTarget iis
        $order = New-KmCertificateOrder www.contoso.com
        $challenge = $order | Publish-KmChallenge
        $folder = Join-Path $root '.well-known/acme-challenge'
        (Get-ChildItem $folder).Name | Sort-Object | Should -Be @($challenge.Token, 'web.config' | Sort-Object)
        Get-Content -Raw (Join-Path $folder $challenge.Token) | Should -Be $challenge.Value
        [xml] (Get-Content -Raw (Join-Path $folder 'web.config')) | Should -Not -BeNullOrEmpty
        $null = $order | Publish-KmChallenge
        $null = $order | Unpublish-KmChallenge
        Get-ChildItem $root -Force | Should -BeNullOrEmpty

        $null = Set-KmDeployTarget iis -WebRoot (Join-Path $TestDrive 'none')
        (Test-KmDeployTarget iis).IsWorking | Should -BeFalse
        $problem = Get-Problem { $order | Publish-KmChallenge -ErrorAction Stop }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmChallengeNotPublished,*'
        "$problem" | Should -Match 'The web root .*none does not exist'
    }
}

Describe 'Ctrl-C while the authority looks' {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $deaf = Start-DeafServer
        $null = New-KmAccount private -Authority Local -Setting @{ Validation = 'Http01'; ValidationAddress = "$($deaf.LocalEndpoint)" }
    }

    AfterAll {
        $deaf.Stop()
    }

    AfterEach {
        while ($deaf.Pending()) { $deaf.AcceptTcpClient().Dispose() }
    }

    It 'takes challenge files away from a computer with IIS' {
        $root = (New-Item -ItemType Directory (Join-Path $TestDrive 'wwwroot')).FullName
        $null = New-KmDeployTarget iis -Kind Windows -StoreLocation CurrentUser -WebRoot $root -WebConfig -Endpoint None
        $null = Set-KmDomainMapping contoso.com -DeployTarget iis
        $null = New-KmCertificateOrder www.contoso.com
        $stop = Stop-Command "Invoke-KmChallenge www.contoso.com -StorePath '$env:KM_STORE'" -When { $deaf.Pending() }
        $stop.RanUntilThen | Should -BeTrue -Because "$($stop.Errors)"
        $stop.State | Should -Be 'Stopped'
        $stop.Milliseconds | Should -BeLessThan 10000
        Get-ChildItem $root -Force | Should -BeNullOrEmpty
    }

    It 'has a script take away what it published' {
        $script = Join-Path $TestDrive 'publish.ps1'
        $calls = Join-Path $TestDrive 'calls.txt'
        Set-Content $script "Add-Content '$calls' `"`$args`""
        $null = New-KmCertificateOrder www.fabrikam.com -ChallengeScript $script
        $stop = Stop-Command "Invoke-KmChallenge www.fabrikam.com -StorePath '$env:KM_STORE'" -When { $deaf.Pending() }
        $stop.RanUntilThen | Should -BeTrue -Because "$($stop.Errors)"
        @(Get-Content $calls).Count | Should -Be 2
        (Get-Content $calls)[1] | Should -Match '-Action: Remove'
    }
}

Describe 'A computer with a certificate store' {
    It 'gets the certificate with its key, and gives it back' {
        $null = Start-KmTest $TestDrive
        $null = New-KmAccount private -Authority Local
        $null = New-KmCertificateOrder store.contoso.com -KeyAlgorithm Rsa | Invoke-KmChallenge
        $null = New-KmDeployTarget store -Kind Windows -StoreLocation CurrentUser -StateFolder (Join-Path $TestDrive 'windows-state') -Endpoint None
        $thumbprint = (Get-KmCertificate store.contoso.com).Thumbprint
        function Test-Stored {
            $store = [Security.Cryptography.X509Certificates.X509Store]::new('My', 'CurrentUser')
            $store.Open('ReadOnly')
            try { [bool] ($store.Certificates | Where-Object { $_.Thumbprint -eq $thumbprint -and $_.HasPrivateKey }) } finally { $store.Close() }
        }

        (Install-KmCertificate store.contoso.com -DeployTarget store -WarningAction SilentlyContinue).Status | Should -Be 'DeployedUnverified'
        Test-Stored | Should -BeTrue
        (Uninstall-KmCertificate store.contoso.com).Status | Should -Be 'Removed'
        Test-Stored | Should -BeFalse
    }
}

Describe 'The script for Windows, with doubles' {
    BeforeAll {
        $file = Join-Path (Get-RepositoryRoot) 'src/KeyManager.Providers/Deployments/Windows/Windows.ps1'
        $state = (New-Item -ItemType Directory (Join-Path $TestDrive 'state')).FullName
        $rsa = [Security.Cryptography.RSA]::Create(2048)
        $request = [Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=windows-double', $rsa, 'SHA256', [Security.Cryptography.RSASignaturePadding]::Pkcs1)
        $certificate = $request.CreateSelfSigned([DateTimeOffset]::UtcNow.AddDays(-1), [DateTimeOffset]::UtcNow.AddDays(1))
        $thumbprint = $certificate.Thumbprint
        $pfx = New-Password ([Convert]::ToBase64String($certificate.Export('Pfx', 'secret')))
        $global:calls = [Collections.Generic.List[string]]::new()
        $global:bound = 'OLD0'

        function Import-Module { param([Parameter(ValueFromRemainingArguments)] $Rest) $global:calls.Add("Import-Module $Rest") }
        function Add-PSSnapin { param($Name) $global:calls.Add("Add-PSSnapin $Name") }
        function Get-WebBinding {
            param($Name, $Protocol)
            $binding = [pscustomobject] @{ bindingInformation = '*:443:www.contoso.com'; certificateHash = $global:bound }
            $binding | Add-Member ScriptMethod AddSslCertificate { param($hash, $store) $global:bound = $hash; $global:calls.Add("AddSslCertificate $hash $store") } -PassThru
        }
        function Get-CimInstance { param($Namespace, $ClassName, $Filter) [pscustomobject] @{ SSLCertificateSHA1Hash = $global:bound } }
        function Set-CimInstance { param($InputObject, $Property) $global:bound = $Property.SSLCertificateSHA1Hash }
        function Get-WSManInstance { param($Resource, $SelectorSet) [pscustomobject] @{ CertificateThumbprint = $global:bound } }
        function Set-WSManInstance { param($Resource, $SelectorSet, $ValueSet) $global:bound = $ValueSet.CertificateThumbprint }
        function Get-ExchangeCertificate { [pscustomobject] @{ Services = 'IIS, SMTP'; Thumbprint = $global:bound } }
        function Enable-ExchangeCertificate { param($Thumbprint, $Services, [switch] $Force) $global:bound = $Thumbprint; $global:calls.Add("Enable-ExchangeCertificate $Services") }
        function Get-ItemProperty { param($LiteralPath) [pscustomobject] @{ MSSQLSERVER = 'MSSQL16.MSSQLSERVER'; Certificate = $global:bound } }
        function Set-ItemProperty { param($LiteralPath, $Name, $Value) $global:bound = $Value; $global:calls.Add("Set-ItemProperty $LiteralPath") }
        function Restart-Service { param($Name, [switch] $Force) $global:calls.Add("Restart-Service $Name") }
        function Get-AdfsSslCertificate { [pscustomobject] @{ CertificateHash = $global:bound } }
        function Set-AdfsSslCertificate { param($Thumbprint) $global:bound = $Thumbprint }
        function Set-AdfsCertificate { param($CertificateType, $Thumbprint) $global:calls.Add("Set-AdfsCertificate $CertificateType") }
        function Get-Item { param($LiteralPath) [pscustomobject] @{ CurrentValue = $global:bound } }
        function Set-Item { param($LiteralPath, $Value) $global:bound = $Value }

        function Invoke-Step([string] $Action, [string] $Recipe, [hashtable] $More = @{}) {
            $settings = @{ Recipe = $Recipe; StoreLocation = 'CurrentUser'; StateFolder = $state; Site = 'Default Web Site' }
            foreach ($key in $More.Keys) { $settings[$key] = $More[$key] }
            & $file -Action $Action -Settings $settings -DeploymentId "d-$Recipe" -Thumbprint $thumbprint -Pfx $pfx -PfxPassword (New-Password 'secret') -Credential $null
        }
        function Get-Stored {
            $store = [Security.Cryptography.X509Certificates.X509Store]::new('My', 'CurrentUser')
            $store.Open('ReadOnly')
            try { @($store.Certificates | Where-Object Thumbprint -EQ $thumbprint) } finally { $store.Close() }
        }
    }

    AfterAll {
        Remove-Variable calls, bound -Scope Global
    }

    It 'is PowerShell without an error' {
        $errors = $null
        $null = [Management.Automation.Language.Parser]::ParseFile($file, [ref] $null, [ref] $errors)
        $errors | Should -BeNullOrEmpty
    }

    It 'stores, binds, goes back and refuses to take away what is in use: <_>' -ForEach 'IIS', 'RdpListener', 'RdGateway', 'WinRM', 'Exchange', 'SqlServer', 'Adfs' {
        $global:bound = 'OLD0'
        Invoke-Step Install $_
        $global:bound | Should -Be $thumbprint
        @(Get-Stored).Count | Should -Be 1
        Invoke-Step Install $_     # twice changes nothing
        { Invoke-Step Uninstall $_ } | Should -Throw '*still in use*'
        Invoke-Step Rollback $_
        $global:bound | Should -Be 'OLD0'
        @(Get-Stored).Count | Should -Be 0
        Invoke-Step Rollback $_    # there is nothing to go back to any more
        @(Get-ChildItem $state).Count | Should -Be 0
    }

    It 'only stores it when nothing is to be bound, and takes it away' {
        Invoke-Step Test Store
        Invoke-Step Install Store
        @(Get-Stored).Count | Should -Be 1
        (Get-Stored)[0].HasPrivateKey | Should -BeTrue
        Invoke-Step Uninstall Store
        @(Get-Stored).Count | Should -Be 0
    }
}
