#requires -Version 5.1
# Canaries: known secrets go through every cmdlet that takes one, and are then looked for everywhere that somebody might read.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
    $folder = Start-KmTest $TestDrive
    $canaries = @{
        keystore = 'canary-keystore-4711'
        export = 'canary-export-4712'
        passphrase = 'canary-passphrase-4713'
        foreign = 'canary-foreign-4714'
        wrong = 'canary-wrong-4715'
    }

    # Everything that can be seen of a run: all streams, in text and as objects in full.
    $seen = [System.Collections.Generic.List[object]]::new()
    $transcript = Join-Path $folder 'transcript.txt'
    $all = @{ Verbose = $true; Debug = $true; ErrorAction = 'Continue' }
    New-ForeignKeystore foreign.pfx foreign.test $canaries.foreign
    $steps = @(
        { New-KmAccount private @all }
        { New-KmCertificateOrder www.contoso.test -KeystorePassword (New-Password $canaries.keystore) @all | Invoke-KmChallenge @all }
        { Export-KmCertificate www.contoso.test ./tls/ -Format Pkcs12 @all }
        { Export-KmCertificate www.contoso.test ./tls/ -Format Jks -Password (New-Password $canaries.export) @all }
        { Export-KmPrivateKey (Get-KmCertificate www.contoso.test) ./out.key -Password (New-Password $canaries.export) -Force @all }
        { Import-KmPrivateKey ./out.key -Password (New-Password $canaries.export) @all }
        { Import-KmPrivateKey ./out.key -Password (New-Password $canaries.wrong) @all }
        { Import-KmCertificate ./foreign.pfx -Password (New-Password $canaries.foreign) @all }
        { Import-KmCertificate ./foreign.pfx -Password (New-Password $canaries.wrong) @all }
        { New-KmCertificateOrder x.test -PrivateKeyPath ./out.key -PrivateKeyPassword (New-Password $canaries.wrong) @all }
        { Add-KmKeyProtector -Passphrase (New-Password $canaries.passphrase) @all }
        { Lock-KmStore @all; Unlock-KmStore (New-Password $canaries.wrong) @all }
        { Unlock-KmStore (New-Password $canaries.passphrase) @all }
        { Update-KmStoreKey -Passphrase (New-Password $canaries.passphrase) -Force @all }
        { Update-KmCertificate www.contoso.test -Force @all }
        { Get-KmStore; Get-KmAccount; Get-KmCertificateOrder; Get-KmCertificate -IncludeHistory; Get-KmPrivateKey; Get-KmKeyProtector; Get-KmSetting; Get-KmAuditEvent }
    )
    foreach ($step in $steps) {
        try { foreach ($item in & $step *>&1) { $seen.Add($item) } } catch { $seen.Add($_) }
    }

    # In a process of its own, where what is written reaches the host. Its command line is in the transcript, so the secrets come another way.
    $env:KM_CANARY = $canaries.export
    $env:KM_CANARY_WRONG = $canaries.wrong
    $null = Invoke-OtherProcess "
        `$null = Start-Transcript '$transcript'
        `$right = ConvertTo-SecureString `$env:KM_CANARY -AsPlainText -Force
        `$wrong = ConvertTo-SecureString `$env:KM_CANARY_WRONG -AsPlainText -Force
        Get-KmCertificate www.contoso.test -Verbose | Format-List *
        Export-KmCertificate www.contoso.test ./transcript/ -Format Pkcs12 -Password `$right -Verbose -Debug
        Import-KmCertificate ./transcript/www.contoso.test.pfx -Password `$right -Verbose -Debug
        Import-KmCertificate ./transcript/www.contoso.test.pfx -Password `$wrong -Verbose -Debug
        `$Error | Format-List * -Force
        `$null = Stop-Transcript"
    $env:KM_CANARY = $null
    $env:KM_CANARY_WRONG = $null

    # The keys themselves, as anybody would meet them: the line of a PEM file, and the bytes of the scalar.
    $null = Export-KmPrivateKey (Get-KmCertificate www.contoso.test) ./plain.key -Force
    $pem = Get-Content ./plain.key
    $keyLine = $pem[1]
    $keyBytes = [Convert]::FromBase64String(($pem | Where-Object { $_ -notlike '-----*' }) -join '')

    function Find-Canary([string] $Text) {
        foreach ($canary in @($canaries.Values) + $keyLine) {
            # As text, and as the UTF-16 and Base64 that careless code makes of it.
            $base64 = [Convert]::ToBase64String([System.Text.Encoding]::UTF8.GetBytes($canary)).TrimEnd('=')
            foreach ($form in $canary, $base64) { if ($Text.Contains($form)) { $form } }
        }
    }

    function Find-Bytes([byte[]] $Haystack) {
        $latin = [System.Text.Encoding]::GetEncoding(28591)
        $text = $latin.GetString($Haystack)
        foreach ($canary in $canaries.Values) {
            foreach ($encoding in [System.Text.Encoding]::UTF8, [System.Text.Encoding]::Unicode) {
                if ($text.Contains($latin.GetString($encoding.GetBytes($canary)))) { "$canary as $($encoding.WebName)" }
            }
        }

        # The last third of a PKCS#8 of this kind is the public point; the scalar lies before it (RFC 5915).
        if ($text.Contains($latin.GetString($keyBytes, 36, 32))) { 'the private key' }
    }
}

AfterAll {
    Stop-KmTest
}

Describe 'No secret' {
    It 'was missed: the run did what it says, and the search finds what is there' {
        @($seen | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] }).Count | Should -Be 4
        @($seen | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }).Count | Should -BeGreaterThan 5
        Find-Canary "a $($canaries.export) b" | Should -Be $canaries.export
        Find-Bytes ([System.Text.Encoding]::Unicode.GetBytes("x$($canaries.keystore)")) | Should -Be "$($canaries.keystore) as utf-16"
        Find-Bytes $keyBytes | Should -Be 'the private key'
    }

    It 'is in the store or in its log' {
        foreach ($file in Get-ChildItem (Split-Path $env:KM_STORE) -File) {
            $stream = [System.IO.FileStream]::new($file.FullName, 'Open', 'Read', 'ReadWrite, Delete')
            try {
                $bytes = [byte[]]::new($stream.Length)
                [void] $stream.Read($bytes, 0, $bytes.Length)
            } finally {
                $stream.Dispose()
            }

            Find-Bytes $bytes | Should -BeNullOrEmpty -Because $file.Name
        }
    }

    It 'is in the transcript' {
        $text = Get-Content $transcript -Raw
        $text | Should -Match 'www\.contoso\.test'
        $text | Should -Match 'KmWrongPassword'
        Find-Canary $text | Should -BeNullOrEmpty
    }

    It 'is in an error record, however it is shown' {
        foreach ($record in $seen | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] }) {
            $text = ($record | Format-List * -Force | Out-String -Width 500) + $record.Exception.ToString() + ($record.Exception | Format-List * -Force | Out-String -Width 500)
            Find-Canary $text | Should -BeNullOrEmpty
        }
    }

    It 'is in the verbose, debug, warning and information streams' {
        $text = ($seen | Where-Object { $_ -is [System.Management.Automation.InformationalRecord] } | ForEach-Object Message) -join "`n"
        Find-Canary $text | Should -BeNullOrEmpty
    }

    It 'is in an object, as it is shown or stored' {
        $objects = @($seen | Where-Object { $_.GetType().FullName -like 'KeyManager.*' })
        $objects.Count | Should -BeGreaterThan 15
        $objects | Export-Clixml ./objects.xml -Depth 6
        Find-Canary (Get-Content ./objects.xml -Raw) | Should -BeNullOrEmpty
        Find-Canary ($objects | Select-Object * -ExcludeProperty RawData | ConvertTo-Json -Depth 4 -WarningAction SilentlyContinue) | Should -BeNullOrEmpty
        Find-Canary ($objects | Format-List * -Force | Out-String -Width 500) | Should -BeNullOrEmpty
        Find-Canary (($objects | ForEach-Object ToString) -join "`n") | Should -BeNullOrEmpty
    }
}
