// Declarations only: the shape of a type that every .NET since 5 has, at the version that all of them accept. See the project file.
using System.Reflection;
#pragma warning disable CA1822, CA1003, CA2201, IDE0060, CS0067, CS8597, CA1065 // nothing here ever runs

namespace System.Runtime.Loader;

/// <summary>Declaration of the framework's type.</summary>
public abstract class AssemblyLoadContext
{
    protected AssemblyLoadContext()
    {
    }

    public event Func<AssemblyLoadContext, AssemblyName, Assembly?>? Resolving;

    public static AssemblyLoadContext Default => throw null!;

    public Assembly LoadFromAssemblyName(AssemblyName assemblyName) => throw null!;

    public Assembly LoadFromAssemblyPath(string assemblyPath) => throw null!;

    protected abstract Assembly? Load(AssemblyName assemblyName);

    protected virtual IntPtr LoadUnmanagedDll(string unmanagedDllName) => throw null!;

    protected IntPtr LoadUnmanagedDllFromPath(string unmanagedDllPath) => throw null!;
}
