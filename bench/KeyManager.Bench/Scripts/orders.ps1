param([string] $Manifest, [string] $StorePath, [int] $Count)
$ErrorActionPreference = 'Stop'
$process = [Diagnostics.Process]::GetCurrentProcess()
$before = $process.PeakWorkingSet64
Import-Module $Manifest
$env:KM_STORE = $StorePath
$null = New-KmAccount bench -Authority Local
$process.Refresh()
$processor = $process.TotalProcessorTime
$watch = [Diagnostics.Stopwatch]::StartNew()
$orders = 1..$Count | ForEach-Object { [pscustomobject]@{ DomainName = "host$_.bench.test" } } | New-KmCertificateOrder | Invoke-KmChallenge
$seconds = $watch.Elapsed.TotalSeconds
if (@($orders | Where-Object Status -EQ Saved).Count -ne $Count) { throw 'Not every certificate was saved.' }
$process.Refresh()
$invariant = [cultureinfo]::InvariantCulture
"seconds $($seconds.ToString($invariant))"
"processor $(($process.TotalProcessorTime - $processor).TotalSeconds.ToString($invariant))"
"growth $((($process.PeakWorkingSet64 - $before) / 1MB).ToString($invariant))"
