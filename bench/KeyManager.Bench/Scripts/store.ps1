param([string] $Manifest, [string] $StorePath, [int] $Runs, [int] $Count)
$ErrorActionPreference = 'Stop'
Import-Module $Manifest
$env:KM_STORE = $StorePath
function Time([string] $Label, [scriptblock] $Command) {
  $watch = [Diagnostics.Stopwatch]::StartNew()
  $null = & $Command
  "$Label $($watch.Elapsed.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture))"
}
$null = Get-KmCertificate host000001.bench.test
1..$Runs | ForEach-Object { Time expires { Get-KmCertificate -ExpiresWithin 30.00:00 | Select-Object -First 1 } }
1..$Runs | ForEach-Object {
  $name = 'host{0:000000}.bench.test' -f (Get-Random -Maximum $Count)
  Time name { Get-KmCertificate $name }
}
