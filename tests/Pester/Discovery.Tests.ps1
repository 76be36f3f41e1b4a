#requires -Version 5.1
# Finding certificates at the prompt: the steps of docs/discovery.md on a real service, files, and the script for Windows with doubles of its commands.

BeforeDiscovery {
    $none = -not (Get-Command openssl -CommandType Application -ErrorAction SilentlyContinue)
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
}

AfterAll {
    Stop-KmTest
}

Describe 'Services' -Skip:$none {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $null = New-KmAccount private
        $null = New-TestCertificate www.contoso.test
        $null = Export-KmCertificate www.contoso.test ./tls/ -Format Pem
        function Start-Service([string] $Name, [int] $Port) {
            $start = [System.Diagnostics.ProcessStartInfo]::new('openssl', "s_server -accept 127.0.0.1:$Port -cert $Name.crt -key $Name.key -quiet")
            $start.WorkingDirectory = "$PWD"
            $start.UseShellExecute = $false
            $start.RedirectStandardOutput = $true
            $start.RedirectStandardError = $true
            $process = [System.Diagnostics.Process]::Start($start)
            Wait-Until { (Find-KmCertificate "127.0.0.1:$Port").State -notin 'Failed', 'Gone' }
            $process
        }
        New-ForeignKeystore foreign.pfx foreign.test right-password
        foreach ($name in 'one', 'two') {
            & openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$name.key" -out "$name.crt" -subj '/CN=found.test' -days 20 2>$null
        }
        $port = Get-FreePort
        $place = "127.0.0.1:$port"
        $service = Start-Service one $port
    }

    AfterAll {
        if (-not $service.HasExited) { $service.Kill() }
    }

    It 'are seen, and shown in a table and a list' {
        $found = Find-KmCertificate $place
        $found.State | Should -Be 'New'
        Get-Text $found 140 | Should -Match "$place +New .*CN=found\.test"
        Get-Text $found -List | Should -Match 'KeyDescription +: ECDSA P-256'
        Get-KmCertificate found.test -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
    }

    It 'come through the pipeline as text, as rows of a table, and as what was found' {
        @($place, "localhost:$port" | Find-KmCertificate).Count | Should -Be 2
        ([pscustomobject] @{ ComputerName = '127.0.0.1'; Port = "$port" } | Find-KmCertificate).Location | Should -Be $place
        (Find-KmCertificate $place | Find-KmCertificate).Location | Should -Be $place
    }

    It 'are taken in with -Add, and change nothing with -WhatIf' {
        (Find-KmCertificate $place -Add -WhatIf).IsAdded | Should -BeFalse
        Get-KmCertificate found.test -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        (Find-KmCertificate $place -Add).Name | Should -Be 'found.test'
        (Get-KmCertificate found.test).InUseAt | Should -Be $place
        Get-Text (Get-KmCertificate found.test) -List | Should -Match "InUseAt +: $place"
    }

    It 'are known, changed and gone afterwards' {
        (Find-KmCertificate $place).State | Should -Be 'Known'
        $service.Kill()
        $service.WaitForExit()
        $service = Start-Service two $port
        try {
            (Find-KmCertificate $place -Add).State | Should -Be 'Changed'
        } finally {
            $service.Kill()
            $service.WaitForExit()
        }

        (Get-KmCertificate found.test).Version | Should -Be 2
        (Find-KmCertificate $place -Add).State | Should -Be 'Gone'
        @((Get-KmCertificate found.test).InUseAt).Count | Should -Be 0
    }

    It 'are stopped within a second, and what was found stays' {
        $deaf = Start-DeafServer
        try {
            $stop = Stop-Command "Find-KmCertificate $($deaf.LocalEndpoint) -TimeoutSeconds 60 -StorePath '$env:KM_STORE'" -When { $deaf.Pending() }
            $stop.State | Should -Be 'Stopped' -Because "$($stop.Errors)"
            $stop.Milliseconds | Should -BeLessThan 2000
        } finally {
            $deaf.Stop()
        }
    }

    It 'of a thousand ports take less than ten seconds' {
        (Measure-Command { $null = Find-KmCertificate 127.0.0.1:2000-2999 }).TotalSeconds | Should -BeLessThan 10
    }

    It 'that are too many are asked for, and refused when they are far too many' {
        $said = Invoke-OtherProcess "try { Find-KmCertificate 127.0.0.0/20 } catch { `$_.FullyQualifiedErrorId; `$_.ErrorDetails.RecommendedAction }"
        "$said" | Should -BeLike 'KmConfirmationRequired,*-Force*'
        (Get-Problem { Find-KmCertificate 10.0.0.0/8 -Force }).FullyQualifiedErrorId | Should -BeLike 'KmInvalidParameter,*'
    }

    It 'with a typo are told what would be right' {
        $problem = Get-Problem { Find-KmCertificate smpt://mail.test }
        $problem.FullyQualifiedErrorId | Should -BeLike 'KmInvalidParameter,*'
        $problem.ErrorDetails.RecommendedAction | Should -Match 'smtp'
    }

    It 'and their words are offered' {
        Get-Completion 'Find-KmCertificate x -Protocol X' | Should -Be @('Xmpp', 'XmppServer')
        Get-Completion 'Find-KmCertificate -WindowsStore CurrentUser\M' | Should -Contain 'CurrentUser\My'
        Get-Completion 'Find-KmCertificate -Path x -Inc' | Should -Contain '-IncludeAuthority'
    }
}

Describe 'Files' {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        New-ForeignKeystore foreign.pfx foreign.test right-password
        New-ForeignKeystore other.p12 other.test another-password
        Set-Content broken.pem -Value '-----BEGIN CERTIFICATE-----', 'AAAA'
    }

    It 'are looked into, keystores with each of the passwords' {
        $found = Find-KmCertificate -Path . -Password (New-Password wrong-one), (New-Password right-password)
        $found.State | Should -Be @('Failed', 'New', 'Failed')
        ($found | Where-Object State -EQ New).HasPrivateKey | Should -BeTrue
        "$($found.Problem)" | Should -Match 'None of the 2 passwords'
        "$($found | ConvertTo-Json -Depth 3)" | Should -Not -Match 'right-password|wrong-one'
    }

    It 'come through the pipeline and with wildcards' {
        @(Get-ChildItem *.p* | Find-KmCertificate -Password (New-Password right-password)).Count | Should -Be 3
        @(Find-KmCertificate -Path ./*.pfx -Password (New-Password right-password)).Location | Should -Be (Join-Path $PWD foreign.pfx)
    }

    It 'go on to Import-KmCertificate' {
        $imported = Find-KmCertificate -Path ./foreign.pfx -Password (New-Password right-password) | Import-KmCertificate
        $imported.Name | Should -Be 'foreign.test'
        $imported.HasPrivateKey | Should -BeFalse
    }

    It 'that are not there are said' {
        $found = Find-KmCertificate -Path ./nowhere
        $found.State | Should -Be 'Failed'
        $found.Problem | Should -Match 'nowhere'
    }
}

Describe 'Windows, with doubles' {
    BeforeAll {
        $null = Start-KmTest $TestDrive
        $file = Join-Path (Get-RepositoryRoot) 'src/KeyManager.Providers/Discovery/Windows/Find.ps1'
        $rsa = [Security.Cryptography.RSA]::Create(2048)
        $request = [Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=windows-double', $rsa, 'SHA256', [Security.Cryptography.RSASignaturePadding]::Pkcs1)
        $certificate = $request.CreateSelfSigned([DateTimeOffset]::UtcNow.AddDays(-1), [DateTimeOffset]::UtcNow.AddDays(1))
        function Use-Store([scriptblock] $Body) {
            $store = [Security.Cryptography.X509Certificates.X509Store]::new('My', 'CurrentUser')
            $store.Open('ReadWrite')
            try { & $Body $store } finally { $store.Close() }
        }
        Use-Store { param($store) $store.Add($certificate) }
    }

    AfterAll {
        Use-Store { param($store) $store.Remove($certificate) }
    }

    It 'lists a store, and what went from it' {
        $place = "Cert:\CurrentUser\My\$($certificate.Thumbprint)"
        $found = Find-KmCertificate -WindowsStore Cert:\CurrentUser\My -Add | Where-Object Location -EQ $place
        $found.State | Should -Be 'New'
        $found.Subject | Should -Be 'CN=windows-double'
        (Get-KmCertificate $certificate.Thumbprint).InUseAt | Should -Be "$($found.Computer): $place"
        Use-Store { param($store) $store.Remove($certificate) }
        (Find-KmCertificate -WindowsStore CurrentUser\My | Where-Object Location -EQ $place).State | Should -Be 'Gone'
        Use-Store { param($store) $store.Add($certificate) }
    }

    It 'says which store cannot be read' {
        $found = Find-KmCertificate -WindowsStore CurrentUser\NoSuchStoreAnywhere
        $found.State | Should -Be 'Failed'
        (Get-Problem { Find-KmCertificate -WindowsStore Elsewhere\My }).FullyQualifiedErrorId | Should -BeLike 'KmInvalidParameter,*'
    }

    It 'asks IIS for its bindings' {
        function Import-Module { param([Parameter(ValueFromRemainingArguments)] $Rest) }
        function Get-WebBinding {
            [pscustomobject] @{ protocol = 'http'; bindingInformation = '*:80:'; ItemXPath = "/x/site[@name='Default Web Site' and @id='1']" }
            [pscustomobject] @{ protocol = 'https'; bindingInformation = '*:443:a.test'; certificateHash = 'AA'; certificateStoreName = 'My'; ItemXPath = "/x/site[@name='Default Web Site' and @id='1']" }
            [pscustomobject] @{ protocol = 'https'; bindingInformation = '*:8443:'; certificateHash = ''; certificateStoreName = ''; ItemXPath = "/x/site[@name='Second' and @id='2']" }
        }
        $lines = & $file -Stores @() -WithBindings $true -Settings @{}
        $lines.Count | Should -Be 2
        $first = $lines[0] -split "`t"
        $first[0..1] | Should -Be @('IisBinding', 'IIS:\Default Web Site\*:443:a.test')
        $first[4] | Should -Not -BeNullOrEmpty
        ($lines[1] -split "`t")[4] | Should -Be 'The binding has no certificate.'
    }

    It 'goes to another computer as its target says' {
        $global:remote = $null
        function Invoke-Command { param($ComputerName, $ScriptBlock, $ArgumentList, $Credential, [switch] $UseSSL, $Port, $ConfigurationName) $global:remote = $PSBoundParameters }
        & $file -Stores @('LocalMachine\My') -WithBindings $false -Settings @{ ComputerName = 'win01'; UseSsl = 'True'; Port = '5986' }
        $global:remote.ComputerName | Should -Be 'win01'
        $global:remote.Port | Should -Be 5986
        $global:remote.ArgumentList[0] | Should -Be 'LocalMachine\My'
    }
}
