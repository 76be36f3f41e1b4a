#requires -Version 5.1
# What the test files share: the module under test, fresh stores, and looking at a store from outside.

$script:root = (Resolve-Path (Join-Path $PSScriptRoot '../..')).Path
$script:manifest = Join-Path $script:root 'module/KeyManager.psd1'

function Get-RepositoryRoot { $script:root }

function Get-ManifestPath { $script:manifest }

# Imports the module and makes a store with its key file below $Folder; every cmdlet of the session uses it from here on.
function Start-KmTest([Parameter(Mandatory)] [string] $Folder, [switch] $WithoutStore) {
    Import-Module $script:manifest -Force -Global
    # A folder of its own: TestDrive is shared by the blocks of a file.
    $base = Join-Path $Folder ([guid]::NewGuid().ToString('N').Substring(0, 8))
    [void] (New-Item -ItemType Directory (Join-Path $base 'work'))
    # The real path: macOS has its temporary folder behind a link.
    $base = (Get-Item -LiteralPath $base).FullName
    $env:KM_STORE = Join-Path $base 'data/store.db'
    Set-Location -LiteralPath (Join-Path $base 'work')
    if (-not $WithoutStore) {
        [void] (Initialize-KmStore -KeyFilePath (Join-Path $base 'keys/store.key'))
    }

    $base
}

# Closes what Start-KmTest opened, so that the folder can be removed.
function Stop-KmTest {
    Set-Location -LiteralPath $script:root
    Remove-Module KeyManager -ErrorAction SilentlyContinue
    $env:KM_STORE = $null
}

function New-Password([string] $Text) { ConvertTo-SecureString $Text -AsPlainText -Force }

# All errors of a command, those that end it too.
function Get-Problem([Parameter(Mandatory)] [scriptblock] $Command) {
    try {
        & $Command 3>$null 2>&1 | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] }
    } catch {
        $_
    }
}

# Everything that a change could touch, as one text to compare.
function Get-StoreState {
    $store = Get-KmStore -WarningAction SilentlyContinue
    $folder = Split-Path $store.Path
    @(
        "unlocked $($store.IsUnlocked)"
        "audit $((Get-KmAuditEvent | Select-Object -First 1).Number)"
        Get-KmAccount | ForEach-Object { "account $($_.Id) $($_.Name) $($_.Status) $($_.IsDefault)" }
        Get-KmCertificateOrder | ForEach-Object { "order $($_.Id) $($_.Status) $($_.Step)" }
        Get-KmCertificate -IncludeHistory | ForEach-Object { "certificate $($_.Id) $($_.Status) $($_.IsCurrent)" }
        Get-KmCsr | ForEach-Object { "request $($_.Id)" }
        Get-KmPrivateKey | ForEach-Object { "key $($_.Id)" }
        Get-KmKeyProtector | ForEach-Object { "protector $($_.Id)" }
        Get-KmSetting | ForEach-Object { "setting $($_.Name) $($_.Value)" }
        # A store's -wal and -shm come and go with reading.
        Get-ChildItem $folder, $PWD -Recurse -File | Where-Object Name -notmatch '-(wal|shm)$' | ForEach-Object { "file $($_.FullName)" }
    ) -join "`n"
}

# The PowerShell that runs this, for a process of its own.
function Get-ShellPath {
    $shell = [System.Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
    if ((Split-Path $shell -Leaf) -like 'dotnet*') { Join-Path $PSHOME 'pwsh' } else { $shell }
}

# Runs a script in another process of the same PowerShell, with the module and this session's store; answers its lines.
function Invoke-OtherProcess([Parameter(Mandatory)] [string] $Script) {
    & (Get-ShellPath) -NoProfile -NonInteractive -Command "Import-Module '$script:manifest'; $Script" 2>&1
}

# Starts such a process and answers it as soon as it has written a line.
function Start-OtherProcess([Parameter(Mandatory)] [string] $Script) {
    $start = [System.Diagnostics.ProcessStartInfo]::new()
    $start.FileName = Get-ShellPath
    $encoded = [Convert]::ToBase64String([System.Text.Encoding]::Unicode.GetBytes("Import-Module '$script:manifest'; $Script"))
    $start.Arguments = "-NoProfile -NonInteractive -EncodedCommand $encoded"
    $start.WorkingDirectory = (Get-Location).ProviderPath
    $start.UseShellExecute = $false
    $start.RedirectStandardOutput = $true
    $process = [System.Diagnostics.Process]::Start($start)
    [void] $process.StandardOutput.ReadLine()
    $process
}

# Waits until something is so; fails when it is not within a minute, which is ample on the busiest machine.
function Wait-Until([Parameter(Mandatory)] [scriptblock] $IsSo) {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    while (-not (& $IsSo)) {
        if ($watch.Elapsed.TotalSeconds -gt 60) { throw "Waited for a minute in vain: $IsSo" }
        Start-Sleep -Milliseconds 20
    }
}

# A web server that takes connections and never answers: a command that proves control is known to be in the middle of it.
function Start-DeafServer {
    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $listener
}

# Waits for the next connection to such a server and leaves it open.
function Wait-DeafServer($Server) {
    Wait-Until { $Server.Pending() }
    $Server.AcceptTcpClient()
}

# Runs a script in a runspace of its own and stops it, as Ctrl-C does, when it is where it should be: by default when it has written something.
function Stop-Command([string] $Script, [scriptblock] $When, [string[]] $Module = @()) {
    $shell = [powershell]::Create()
    try {
        $imports = @(@($script:manifest) + $Module | ForEach-Object { "Import-Module '$_'" })
        [void] $shell.AddScript(($imports + "'ready'") -join ';').Invoke()
        $shell.Commands.Clear()
        [void] $shell.AddScript($Script)
        $written = [System.Management.Automation.PSDataCollection[psobject]]::new()
        $running = $shell.BeginInvoke([System.Management.Automation.PSDataCollection[psobject]]::new(), $written)
        if (-not $When) { $When = { $written.Count -gt 0 } }
        Wait-Until { $running.IsCompleted -or (& $When) }
        $ranUntilThen = -not $running.IsCompleted
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        $shell.Stop()
        [pscustomobject]@{
            RanUntilThen = $ranUntilThen
            Milliseconds = $watch.ElapsedMilliseconds
            State = $shell.InvocationStateInfo.State
            Errors = @($shell.Streams.Error)
        }
    } finally {
        $shell.Dispose()
    }
}

# A certificate request as DER in a file, made by .NET and not by us.
function New-ForeignCsr([string] $Path, [string] $DomainName, [int] $KeyLength = 2048) {
    $rsa = [System.Security.Cryptography.RSA]::Create($KeyLength)
    try {
        $request = New-ForeignRequest $rsa $DomainName
        [System.IO.File]::WriteAllBytes((Join-Path $PWD $Path), $request.CreateSigningRequest())
    } finally {
        $rsa.Dispose()
    }
}

# A keystore with a self-signed certificate, made by .NET and not by us.
function New-ForeignKeystore([string] $Path, [string] $DomainName, [string] $Password) {
    $rsa = [System.Security.Cryptography.RSA]::Create(2048)
    try {
        $request = New-ForeignRequest $rsa $DomainName
        $certificate = $request.CreateSelfSigned([DateTimeOffset]::UtcNow.AddDays(-1), [DateTimeOffset]::UtcNow.AddDays(30))
        [System.IO.File]::WriteAllBytes((Join-Path $PWD $Path), $certificate.Export('Pfx', $Password))
    } finally {
        $rsa.Dispose()
    }
}

function New-ForeignRequest($Rsa, [string] $DomainName) {
    $request = [System.Security.Cryptography.X509Certificates.CertificateRequest]::new(
        "CN=$DomainName", $Rsa, [System.Security.Cryptography.HashAlgorithmName]::SHA256, [System.Security.Cryptography.RSASignaturePadding]::Pkcs1)
    $names = [System.Security.Cryptography.X509Certificates.SubjectAlternativeNameBuilder]::new()
    $names.AddDnsName($DomainName)
    $request.CertificateExtensions.Add($names.Build($false))
    $request
}

# Orders, proves and saves with the default account.
function New-TestCertificate([string[]] $DomainName) {
    [void] (New-KmCertificateOrder $DomainName | Invoke-KmChallenge)
    Get-KmCertificate -Name $DomainName[0]
}

# An account whose orders wait for a proof that nobody can give: nothing listens at the address.
function New-UnprovableAccount([string] $Name = 'unprovable') {
    New-KmAccount $Name -Setting @{ Validation = 'Http01'; ValidationAddress = '127.0.0.1:1' }
}

# What a table or a list looks like.
function Get-Text($InputObject, [int] $Width = 120, [switch] $List) {
    if ($List) { $InputObject | Format-List | Out-String -Width $Width } else { $InputObject | Out-String -Width $Width }
}

# What Tab offers at the end of a line.
function Get-Completion([string] $Line) {
    @([System.Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, @{}).CompletionMatches.CompletionText)
}

Export-ModuleMember -Function *-*
