param([string] $Manifest, [string] $StorePath, [string] $Url, [string] $Token, [string] $Kind)
$ErrorActionPreference = 'Stop'
$process = [Diagnostics.Process]::GetCurrentProcess()
$before = $process.PeakWorkingSet64
Import-Module $Manifest
$env:KM_STORE = $StorePath
$credential = if ($Kind -eq 'emsign') { @{ Authority = 'EmSign'; AccountNumber = '1234567890' } } else { @{ Authority = 'SslStore'; PartnerCode = '12345678' } }
$null = New-KmAccount bench @credential -AuthToken (ConvertTo-SecureString $Token -AsPlainText -Force) -BaseUrl $Url
$watch = [Diagnostics.Stopwatch]::StartNew()
$count = 0
Import-KmCertificateOrder bench | ForEach-Object { $count++ }
$seconds = $watch.Elapsed.TotalSeconds
$process.Refresh()
$growth = ($process.PeakWorkingSet64 - $before) / 1MB
$watch.Restart()
$null = Import-KmCertificateOrder bench
$invariant = [cultureinfo]::InvariantCulture
"orders $count"
"seconds $($seconds.ToString($invariant))"
"again $($watch.Elapsed.TotalSeconds.ToString($invariant))"
"growth $($growth.ToString($invariant))"
