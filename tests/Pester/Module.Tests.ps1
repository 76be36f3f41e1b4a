#requires -Version 5.1
# The module as a user meets it: import, help, formats, isolation, stopping. Everything runs on the built module/ folder.

BeforeDiscovery {
    $onCore = $PSVersionTable.PSEdition -eq 'Core'
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
    $root = Get-RepositoryRoot
    $manifest = Get-ManifestPath
    $testDll = Get-ChildItem (Join-Path $root 'tests/TestCmdlets/bin/*/netstandard2.0/KeyManager.TestCmdlets.dll') |
        Sort-Object LastWriteTime -Descending | Select-Object -First 1 -ExpandProperty FullName
    Import-Module $manifest -Force
}

Describe 'The module' {
    It 'has a manifest that PowerShell accepts' {
        (Test-ModuleManifest $manifest).Name | Should -Be 'KeyManager'
        { Import-PowerShellDataFile $manifest } | Should -Not -Throw
    }

    It 'exports exactly the cmdlets of its manifest' {
        $listed = @((Import-PowerShellDataFile $manifest).CmdletsToExport)
        $module = Get-Module KeyManager
        @($module.ExportedCmdlets.Keys | Sort-Object) -join ',' | Should -Be (($listed | Sort-Object) -join ',')
        $module.ExportedFunctions.Count | Should -Be 0
        $module.ExportedAliases.Count | Should -Be 0
        $module.ExportedVariables.Count | Should -Be 0
    }

    It 'imports again and again' {
        { Import-Module $manifest -Force; Import-Module $manifest -Force } | Should -Not -Throw
        Remove-Module KeyManager
        { Import-Module $manifest } | Should -Not -Throw
        @(Get-Module KeyManager).Count | Should -Be 1
    }

    It 'has type literals at the prompt' {
        [KeyManager.KeySpec]::Default.ToString() | Should -Be 'ECDSA P-256'
    }
}

Describe 'Help' {
    It 'describes every cmdlet and every parameter and has an example' {
        $common = [System.Management.Automation.Cmdlet]::CommonParameters + [System.Management.Automation.Cmdlet]::OptionalCommonParameters
        $problems = foreach ($command in Get-Command -Module KeyManager) {
            $help = Get-Help $command.Name -Full
            # Without help PowerShell shows the syntax as the synopsis.
            if (-not "$($help.Synopsis)".Trim() -or "$($help.Synopsis)".Trim().StartsWith($command.Name)) { "$command has no synopsis" }
            if (-not @($help.examples.example).Count) { "$command has no example" }
            foreach ($name in $command.Parameters.Keys | Where-Object { $_ -notin $common }) {
                # The settings of a service have their description with them.
                $parameter = @($help.parameters.parameter | Where-Object name -eq $name)
                $text = if ($command.Parameters[$name].IsDynamic) { $command.Parameters[$name].Attributes.HelpMessage } else { $parameter.description.Text }
                if (-not "$text".Trim()) { "$command -$name has no description" }
            }
        }
        $problems | Should -BeNullOrEmpty
    }

    It 'is read by PowerShell as the generator means it' {
        $generator = Get-ChildItem (Join-Path $root 'tools/KeyManager.HelpGenerator/bin/*/net10.0/KeyManager.HelpGenerator.dll') | Select-Object -First 1
        $folder = Join-Path $TestDrive 'TestCmdlets'
        [void] (New-Item -ItemType Directory (Join-Path $folder 'en-US'))
        Get-ChildItem (Split-Path $testDll) -Filter 'KeyManager.TestCmdlets.*' | Copy-Item -Destination $folder
        $copy = Join-Path $folder 'KeyManager.TestCmdlets.dll'
        $references = 'Core', 'PowerShell' | ForEach-Object { Join-Path (Split-Path $testDll) "KeyManager.$_.dll" }
        $log = & dotnet $generator.FullName $copy (Join-Path $folder 'en-US/KeyManager.TestCmdlets.dll-help.xml') @references ([psobject].Assembly.Location)
        $LASTEXITCODE | Should -Be 0 -Because "$log"

        $text = & (Get-ShellPath) -NoProfile -NonInteractive -Command "
            Import-Module '$manifest'; Import-Module '$copy'
            Get-Help Remove-KmTestThing -Full | Out-String -Width 200
            (Get-Help Get-KmTestNumber -Parameter Algorithm | Out-String -Width 200)
            (Get-Help Resolve-KmTestPath).syntax | Out-String -Width 200
            (Get-Help Get-KmTestNumber -Examples | Out-String -Width 200)"
        $text = $text -join "`n"
        $text | Should -Match 'Removes nothing, after asking\.'
        $text | Should -Match '-Force\s+\[<SwitchParameter>\]'
        $text | Should -Match 'Accept wildcard characters\?\s+true'
        $text | Should -Match 'Accept pipeline input\?\s+True \(ByPropertyName, ByValue\)'
        $text | Should -Match 'Values: Rsa, Ecdsa, Ed25519\.'
        $text | Should -Match 'Resolve-KmTestPath \[-Path\] <string>'
        $text | Should -Match 'Resolve-KmTestPath -Existing <string>'
        $text | Should -Match 'PS> Get-KmTestNumber -Count 3'
    }

    It 'has about topics in the form that Windows PowerShell reads' {
        $problems = foreach ($file in Get-ChildItem (Join-Path $root 'module/en-US') -Filter 'about_*.help.txt') {
            $bytes = [System.IO.File]::ReadAllBytes($file.FullName)
            if ($bytes[0] -ne 0xEF -or $bytes[1] -ne 0xBB -or $bytes[2] -ne 0xBF) { "$($file.Name) has no byte order mark" }
            $lines = [System.IO.File]::ReadAllLines($file.FullName)
            if ($lines[0] -ne 'TOPIC') { "$($file.Name): line 1 is not TOPIC" }
            if ($lines[1] -ne '    ' + $file.Name.Replace('.help.txt', '')) { "$($file.Name): line 2 is not the topic after four spaces" }
            if ($lines[2] -ne '' -or $lines[3] -notmatch '^SYNOPSIS$|^SHORT DESCRIPTION$') { "$($file.Name): no SYNOPSIS in line 4" }
            if ($lines | Where-Object Length -gt 80) { "$($file.Name): a line is longer than 80 characters" }
        }
        $problems | Should -BeNullOrEmpty
    }
}

Describe 'Formats' {
    It 'has a view for every type that a cmdlet returns, after remoting too' {
        $types = Get-Command -Module KeyManager | ForEach-Object { $_.OutputType.Name } | Where-Object { $_ -like 'KeyManager.*' } | Sort-Object -Unique
        $missing = foreach ($type in $types) {
            foreach ($name in $type, "Deserialized.$type") {
                if (-not (Get-FormatData -TypeName $name -PowerShellVersion $PSVersionTable.PSVersion)) { "$name has no view in KeyManager.Format.ps1xml" }
            }
        }
        $missing | Should -BeNullOrEmpty
    }
}

Describe 'Isolation' -Skip:(-not $onCore) {
    BeforeAll {
        $providers = [System.Reflection.Assembly]::Load('KeyManager.Providers')
        $context = [System.Runtime.Loader.AssemblyLoadContext]::GetLoadContext($providers)
        $bin = Join-Path $root 'module/bin'
    }

    It 'keeps the providers in a context of their own and Core in the common one' {
        $context | Should -Not -Be ([System.Runtime.Loader.AssemblyLoadContext]::Default)
        $core = $context.LoadFromAssemblyName([System.Reflection.AssemblyName] 'KeyManager.Core')
        $core | Should -Be ([KeyManager.KeySpec].Assembly)
    }

    It "leaves PowerShell's own Newtonsoft.Json alone" {
        $ours = $context.LoadFromAssemblyName([System.Reflection.AssemblyName] 'Newtonsoft.Json')
        $ours.Location | Should -Be (Join-Path $bin 'Newtonsoft.Json.dll')
        $theirs = [System.Reflection.Assembly]::Load('Newtonsoft.Json')
        Split-Path $theirs.Location | Should -Be $PSHOME
    }

    It 'answers for nothing but the providers' {
        { [System.Reflection.Assembly]::Load('Microsoft.Data.Sqlite') } | Should -Throw
        { [System.Reflection.Assembly]::Load('SQLitePCLRaw.core') } | Should -Throw
    }

    It 'finds the native SQLite of this machine' {
        $batteries = $context.LoadFromAssemblyName([System.Reflection.AssemblyName] 'SQLitePCLRaw.batteries_v2')
        $batteries.GetType('SQLitePCL.Batteries_V2').GetMethod('Init').Invoke($null, @())
        $sqlite = $context.LoadFromAssemblyName([System.Reflection.AssemblyName] 'Microsoft.Data.Sqlite')
        $connection = [Activator]::CreateInstance($sqlite.GetType('Microsoft.Data.Sqlite.SqliteConnection'), [object[]] @('Data Source=:memory:'))
        try {
            $connection.Open()
            [version] $connection.ServerVersion | Should -BeGreaterOrEqual ([version] '3.50.0')
        } finally {
            $connection.Dispose()
        }
    }

    It 'loads nothing of it at import' {
        $loaded = & (Join-Path $PSHOME 'pwsh') -NoProfile -NonInteractive -Command "Import-Module '$manifest'; [AppDomain]::CurrentDomain.GetAssemblies().GetName().Name"
        $loaded | Should -Contain 'KeyManager.PowerShell'
        $loaded | Should -Not -Contain 'KeyManager.Providers'
    }
}

Describe 'The bridge' {
    BeforeAll {
        Import-Module $testDll
    }

    # Soon: within a second on an idle machine. The bounds leave room for a busy one and are far below what the commands would take.
    It 'ends a long wait soon after Ctrl-C' {
        $stop = Stop-Command 'Wait-KmTest -Seconds 60' -Module $testDll
        $stop.RanUntilThen | Should -BeTrue
        $stop.State | Should -Be 'Stopped'
        $stop.Errors.Count | Should -Be 0
        $stop.Milliseconds | Should -BeLessThan 10000
    }

    It 'leaves work behind that does not listen' {
        $stop = Stop-Command 'Wait-KmTest -Seconds 60 -Deaf' -Module $testDll
        $stop.RanUntilThen | Should -BeTrue
        $stop.Milliseconds | Should -BeLessThan 10000
    }

    It 'waits for a clean-up' {
        $file = Join-Path $TestDrive 'clean'
        $stop = Stop-Command "Wait-KmTest -Seconds 60 -CleanUpPath '$file' -CleanUpSeconds 2" -Module $testDll
        $stop.State | Should -Be 'Stopped'
        Test-Path $file | Should -BeTrue
    }

    It 'ends a slow call for Select-Object -First, and cleans up' {
        $file = Join-Path $TestDrive 'first'
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        Wait-KmTest -Seconds 60 -CleanUpPath $file | Select-Object -First 1 | Should -Be 'waiting'
        $watch.ElapsedMilliseconds | Should -BeLessThan 10000
        Test-Path $file | Should -BeTrue
    }

    It 'keeps the error id with -ErrorAction Stop (<how>)' -ForEach @(
        @{ how = 'thrown'; arguments = @{} }
        @{ how = 'written'; arguments = @{ Write = $true } }
    ) {
        $caught = $null
        try { Invoke-KmTestError NotFound @arguments -ErrorAction Stop } catch { $caught = $_ }
        $caught.FullyQualifiedErrorId | Should -Be 'KmOrderNotFound,KeyManager.TestCmdlets.InvokeKmTestErrorCommand'
        $caught.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $caught.Exception | Should -BeOfType KeyManager.NotFoundException
    }

    It 'gives one result per row' {
        $output = 'InvalidRequest', 'None', 'NotFound', 'None' | Invoke-KmTestError -ErrorVariable problems -ErrorAction SilentlyContinue
        $output | Should -Be @('after None', 'after None')
        $problems.Count | Should -Be 2
    }

    It 'lets break, throw and return of the next command pass' {
        $reached = foreach ($i in 1) { Get-KmTestNumber 5 -Quiet | ForEach-Object { $_; break } }
        $reached | Should -Be 1
        { Get-KmTestNumber 5 -Quiet | ForEach-Object { throw 'mine' } } | Should -Throw 'mine'
    }

    It 'takes two of our commands in one pipeline' {
        'None', 'None' | Invoke-KmTestError | ForEach-Object { 'None' } | Invoke-KmTestError | Should -Be @('after None', 'after None')
    }

    It 'never prompts where nobody answers' {
        Remove-KmTestThing a, b -Force | Should -Be @('removed a', 'removed b')
        Remove-KmTestThing a -Confirm:$false | Should -Be 'removed a'
        Remove-KmTestThing a -Force -WhatIf | Should -BeNullOrEmpty
        & { $WhatIfPreference = $true; Remove-KmTestThing a -Force } | Should -BeNullOrEmpty
    }

    It 'completes enumerations' {
        $line = 'Get-KmTestNumber -Algorithm '
        [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, @{}).CompletionMatches.CompletionText |
            Should -Be @('Ecdsa', 'Ed25519', 'Rsa')
    }

    It 'runs in parallel runspaces' -Skip:(-not $onCore) {
        $counts = 1..8 | ForEach-Object -ThrottleLimit 8 -Parallel {
            Import-Module $using:manifest
            Import-Module $using:testDll
            @(Get-KmTestNumber 20 -DelayMilliseconds 2 -Quiet).Count
        }
        $counts | Should -Be (@(20) * 8)
    }

    It 'resolves paths against the location of the session' {
        Push-Location $TestDrive
        try {
            Resolve-KmTestPath ./x.pem | Should -Be (Join-Path (Get-Item $TestDrive).FullName 'x.pem')
        } finally {
            Pop-Location
        }
    }
}
