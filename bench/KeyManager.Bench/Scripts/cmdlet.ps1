param([string] $Manifest, [string] $StorePath, [int] $Runs)
$ErrorActionPreference = 'Stop'
Import-Module $Manifest
$env:KM_STORE = $StorePath
function Time([string] $Label, [scriptblock] $Command) {
  $watch = [Diagnostics.Stopwatch]::StartNew()
  $null = & $Command
  "$Label $($watch.Elapsed.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture))"
}
Time first { Get-KmCertificate host000042.bench.test }
1..20 | ForEach-Object { $null = Get-KmCertificate host000042.bench.test }
1..$Runs | ForEach-Object { Time name { Get-KmCertificate host000042.bench.test } }
1..$Runs | ForEach-Object { Time all { Get-KmCertificate } }
