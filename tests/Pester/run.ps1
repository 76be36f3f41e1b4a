#requires -Version 5.1
<#
.SYNOPSIS
    Runs the Pester suite in a fresh process of the PowerShell it is called with.
.DESCRIPTION
    A process of its own, because assemblies stay loaded until their process ends. The exit code is the number of failed tests (at most
    250), 251 when the suite could not be run. Build first: the suite tests what lies under module/.
.PARAMETER Path
    Files or folders of tests. Default: all beside this script.
.PARAMETER Tag
    Only tests with one of these tags.
.PARAMETER Inside
    Set by the script itself for the process it starts.
#>
[CmdletBinding()]
param(
    [string[]] $Path = @($PSScriptRoot),
    [string[]] $Tag = @(),
    [switch] $Inside
)

$ErrorActionPreference = 'Stop'
if (-not $Inside) {
    $shell = [System.Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
    if ([System.IO.Path]::GetFileNameWithoutExtension($shell) -eq 'dotnet') {
        $shell = Join-Path $PSHOME 'pwsh'
    }

    # -Command and not -File: only so do lists stay lists.
    $quote = { "'" + $_.Replace("'", "''") + "'" }
    $command = "& '$($PSCommandPath.Replace("'", "''"))' -Inside -Path @($(($Path | ForEach-Object $quote) -join ',')) -Tag @($(($Tag | ForEach-Object $quote) -join ',')); exit `$LASTEXITCODE"
    & $shell -NoProfile -NonInteractive -Command $command
    exit $LASTEXITCODE
}

$pester = Get-Module -ListAvailable -Name Pester | Where-Object Version -ge '5.3' | Sort-Object Version -Descending | Select-Object -First 1
if (-not $pester) {
    Write-Host 'Pester: not run (Pester 5.3 or newer is not installed: Install-Module Pester -Force -SkipPublisherCheck)'
    exit 251
}

Import-Module $pester.Path
$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Filter.Tag = $Tag
$configuration.Output.Verbosity = 'Normal'
$result = Invoke-Pester -Configuration $configuration
Write-Host ('Pester: {0} passed, {1} failed, {2} skipped, {3} not run (PowerShell {4})' -f
    $result.PassedCount, $result.FailedCount, $result.SkippedCount, $result.NotRunCount, $PSVersionTable.PSVersion)

# A file that cannot even be read has no failed tests in it.
$failed = $result.FailedCount + $result.FailedContainersCount + $result.FailedBlocksCount
if ($failed -eq 0 -and $result.Result -ne 'Passed') {
    exit 251
}

exit [Math]::Min($failed, 250)
