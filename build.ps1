#!/usr/bin/env pwsh
#requires -Version 5.1
<#
.SYNOPSIS
    Builds, tests or packs KeyManager.
.DESCRIPTION
    build    Compiles everything, with warnings as errors, and lays the importable module out under module/.
    test     Builds, runs the unit tests, then the Pester suite where Pester 5 is installed.
    package  Builds, and makes KeyManager.VERSION.nupkg and KeyManager.VERSION.zip in artifacts/package.

    Needs the .NET SDK that global.json names. Each step is one call of dotnet; the script only saves the typing. It runs in Windows
    PowerShell 5.1 and in PowerShell 7. The exit code is 0 when everything went well.
.PARAMETER Task
    What to do: build (the default), test or package.
.PARAMETER Configuration
    Release (the default) or Debug.
.EXAMPLE
    ./build.ps1
    Import-Module ./module/KeyManager.psd1
.EXAMPLE
    ./build.ps1 package
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('build', 'test', 'package')]
    [string] $Task = 'build',

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release'
)

$ErrorActionPreference = 'Stop'
$solution = Join-Path $PSScriptRoot 'KeyManager.PowerShell.sln'

function Invoke-Dotnet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $($args[0]) failed with exit code $LASTEXITCODE."
    }
}

# dotnet finds the SDK by global.json in the current folder or above it.
Push-Location $PSScriptRoot
try {
    if (-not (Get-Command dotnet -CommandType Application -ErrorAction SilentlyContinue)) {
        throw 'There is no .NET SDK on the PATH. Version 10.0 is needed: https://dotnet.microsoft.com/download'
    }

    switch ($Task) {
        'build' {
            Invoke-Dotnet build $solution -c $Configuration
        }
        'test' {
            Invoke-Dotnet test $solution -c $Configuration
            if (Get-Module -ListAvailable Pester | Where-Object { $_.Version.Major -eq 5 }) {
                & (Join-Path $PSScriptRoot 'tests/Pester/run.ps1')
                if ($LASTEXITCODE -ne 0) {
                    throw "The Pester suite failed with exit code $LASTEXITCODE."
                }
            } else {
                Write-Warning 'Pester 5 is not installed; its tests were not run. Install-Module Pester -MaximumVersion 5.99 -SkipPublisherCheck installs it.'
            }
        }
        'package' {
            Invoke-Dotnet pack (Join-Path $PSScriptRoot 'src/KeyManager.Module/KeyManager.Module.csproj') -c $Configuration
        }
    }
} catch {
    [Console]::Error.WriteLine($_.Exception.Message)
    exit 1
} finally {
    Pop-Location
}
