using System;
using System.IO;
using KeyManager.Providers.Storage;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Storage;

public sealed class StoreLocatorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_path_comes_before_KM_STORE_and_that_before_every_default()
    {
        TestEnvironment environment = Unix();
        Make(new StoreLocator(environment).Default(StoreScope.CurrentUser).Path);
        environment.Variables["KM_STORE"] = _folder.File("variable.db");

        Assert.Equal(_folder.File("given.db"), new StoreLocator(environment).Locate(_folder.File("given.db")).Path);
        Assert.Equal(_folder.File("variable.db"), new StoreLocator(environment).Locate().Path);
        Assert.Equal(_folder.File("variable.db"), new StoreLocator(environment).Locate("  ").Path);

        environment.Variables.Clear();
        Assert.Equal(Path.Combine(environment.Home, ".local", "share", "keymanager", "store.db"), new StoreLocator(environment).Locate().Path);
    }

    [Fact]
    public void A_folder_means_the_file_in_it_and_a_tilde_means_home()
    {
        TestEnvironment environment = Unix();
        StoreLocator locator = new(environment);

        Assert.Equal(_folder.File("store.db"), locator.Locate(_folder.Path).Path);
        Assert.Equal(Path.Combine(_folder.File("new"), "store.db"), locator.Locate(_folder.File("new") + Path.DirectorySeparatorChar).Path);
        Assert.Equal(Path.Combine(environment.Home, "x.db"), locator.Locate("~/x.db").Path);
        Assert.True(Path.IsPathRooted(locator.Locate("relative.db").Path));
        Assert.Throws<InvalidRequestException>(() => locator.Locate("a\0b"));
    }

    [Fact]
    public void The_users_own_store_comes_before_the_machines()
    {
        StoreLocator locator = new(Unix());
        Assert.Equal(locator.Default(StoreScope.CurrentUser), locator.Locate());

        Make(locator.Default(StoreScope.LocalMachine).Path);
        Assert.Equal(locator.Default(StoreScope.LocalMachine), locator.Locate());

        Make(locator.Default(StoreScope.CurrentUser).Path);
        Assert.Equal(locator.Default(StoreScope.CurrentUser), locator.Locate());
        Assert.Equal(locator.Default(StoreScope.LocalMachine), locator.Locate(scope: StoreScope.LocalMachine));
    }

    [Fact]
    public void Roots_store_is_the_machines()
    {
        TestEnvironment environment = new(_folder.Path) { Windows = false, Mac = false, Root = true };
        StoreLocator locator = new(environment);

        Assert.Equal(new StoreLocation(Path.Combine(environment.MachineData, "store.db"), StoreScope.LocalMachine), locator.Locate());
        Assert.Equal(StoreScope.LocalMachine, locator.Locate(_folder.File("x.db")).Scope);
        Assert.Equal(StoreScope.CurrentUser, locator.Locate(_folder.File("x.db"), StoreScope.CurrentUser).Scope);
    }

    [Fact]
    public void Every_platform_has_its_places()
    {
        TestEnvironment linux = Unix();
        linux.Variables["XDG_DATA_HOME"] = _folder.File("xdg");
        Assert.Equal(Path.Combine(_folder.File("xdg"), "keymanager", "store.db"), new StoreLocator(linux).Default(StoreScope.CurrentUser).Path);
        linux.Variables["XDG_DATA_HOME"] = "relative/is/ignored";
        Assert.Equal(Path.Combine(linux.Home, ".local", "share", "keymanager", "store.db"), new StoreLocator(linux).Default(StoreScope.CurrentUser).Path);

        TestEnvironment mac = new(_folder.Path) { Windows = false, Mac = true };
        Assert.Equal(Path.Combine(mac.Home, "Library", "Application Support", "KeyManager", "store.db"), new StoreLocator(mac).Default(StoreScope.CurrentUser).Path);

        TestEnvironment windows = new(_folder.Path) { Windows = true };
        Assert.Equal(Path.Combine(windows.LocalApplicationData, "KeyManager", "store.db"), new StoreLocator(windows).Default(StoreScope.CurrentUser).Path);
        Assert.Equal(Path.Combine(windows.CommonApplicationData, "KeyManager", "store.db"), new StoreLocator(windows).Default(StoreScope.LocalMachine).Path);
        Assert.Equal(StoreScope.LocalMachine, new StoreLocator(windows).Locate(Path.Combine(windows.CommonApplicationData, "KeyManager", "x.db")).Scope);
        Assert.Equal(StoreScope.CurrentUser, new StoreLocator(windows).Locate(_folder.File("x.db")).Scope);
    }

    private static void Make(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, []);
    }

    private TestEnvironment Unix() => new(_folder.Path) { Windows = false, Mac = false };
}
