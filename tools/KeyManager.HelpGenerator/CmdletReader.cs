using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;

namespace KeyManager.HelpGenerator;

/// <summary>Reads the cmdlets of a built assembly from its metadata. No code of it is run.</summary>
internal sealed class CmdletReader : IDisposable
{
    private const string Automation = "System.Management.Automation.";

    private readonly MetadataLoadContext _context;
    private readonly Assembly _assembly;
    private readonly DocumentationFile _documentation;

    /// <param name="assembly">The assembly with the cmdlets.</param>
    /// <param name="references">Assemblies it needs, the PowerShell reference assembly among them.</param>
    public CmdletReader(string assembly, IReadOnlyCollection<string> references)
    {
        string framework = RuntimeEnvironment.GetRuntimeDirectory();
        // One path per name: what was given wins over what the framework has.
        IEnumerable<string> paths = new[] { assembly }
            .Concat(references)
            .Concat(Directory.GetFiles(framework, "*.dll"))
            .DistinctBy(p => Path.GetFileNameWithoutExtension(p), StringComparer.OrdinalIgnoreCase);
        _context = new MetadataLoadContext(new PathAssemblyResolver(paths), "System.Private.CoreLib");
        _assembly = _context.LoadFromAssemblyPath(Path.GetFullPath(assembly));
        _documentation = new DocumentationFile([assembly, .. references]);
    }

    /// <summary>The full class name of every cmdlet and how users call it.</summary>
    public IReadOnlyDictionary<string, string> Names() => CmdletTypes().ToDictionary(
        t => t.FullName ?? t.Name,
        t => string.Join('-', Attribute(t, "CmdletAttribute")!.ConstructorArguments.Select(a => (string?)a.Value)),
        StringComparer.Ordinal);

    /// <summary>All cmdlets, by name.</summary>
    public IReadOnlyList<CmdletHelp> Read() => [.. CmdletTypes().Select(Read).OrderBy(c => c.Noun, StringComparer.Ordinal).ThenBy(c => c.Verb, StringComparer.Ordinal)];

    public void Dispose() => _context.Dispose();

    private IEnumerable<Type> CmdletTypes() => _assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && Attribute(t, "CmdletAttribute") is not null);

    private CmdletHelp Read(Type type)
    {
        CustomAttributeData cmdlet = Attribute(type, "CmdletAttribute")!; // CmdletTypes returns no others
        List<ParameterHelp> parameters = [.. Properties(type).Select(Parameter)];
        if (Named(cmdlet, "SupportsShouldProcess") is true)
        {
            parameters.AddRange(CommonParameters.ShouldProcess);
        }

        return new CmdletHelp(
            (string)cmdlet.ConstructorArguments[0].Value!, // both are mandatory arguments of the attribute
            (string)cmdlet.ConstructorArguments[1].Value!,
            Named(cmdlet, "DefaultParameterSetName") as string ?? "",
            parameters,
            [.. Attributes(type, "OutputTypeAttribute").SelectMany(OutputTypes).Distinct()])
        {
            Documentation = _documentation.OfType(type),
            HelpUri = Named(cmdlet, "HelpUri") as string ?? "",
        };
    }

    // The cmdlet's own first, each class in the order of its source, the base classes after it; one entry per name.
    private static IEnumerable<PropertyInfo> Properties(Type type)
    {
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        for (Type? level = type; level is not null && level.FullName != Automation + "PSCmdlet"; level = level.BaseType)
        {
            foreach (PropertyInfo property in level.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            {
                if (Uses(property).Any() && seen.Add(property.Name))
                {
                    yield return property;
                }
            }
        }
    }

    private ParameterHelp Parameter(PropertyInfo property)
    {
        Type type = property.PropertyType;
        return new ParameterHelp(property.Name, TypeNames.Full(type), TypeNames.Short(type), [.. Uses(property)])
        {
            Documentation = _documentation.OfProperty(property.DeclaringType!, property.Name), // a property has a class
            IsSwitch = type.FullName == Automation + "SwitchParameter",
            TakesWildcards = Attributes(property, "SupportsWildcardsAttribute").Any(),
            Aliases = [.. Attributes(property, "AliasAttribute").SelectMany(Strings)],
            Values = [.. Attributes(property, "ValidateSetAttribute").SelectMany(Strings).Concat(TypeNames.EnumValues(type))],
        };
    }

    private static IEnumerable<ParameterUse> Uses(PropertyInfo property) => Attributes(property, "ParameterAttribute")
        .Where(a => Named(a, "DontShow") is not true)
        .Select(a => new ParameterUse(
            Named(a, "ParameterSetName") as string ?? ParameterUse.AllSets,
            Named(a, "Mandatory") is true,
            Named(a, "Position") is int position && position >= 0 ? position : null,
            Named(a, "ValueFromPipeline") is true,
            Named(a, "ValueFromPipelineByPropertyName") is true));

    private static IEnumerable<string> OutputTypes(CustomAttributeData attribute) => attribute.ConstructorArguments
        .SelectMany(a => a.Value is IEnumerable<CustomAttributeTypedArgument> many ? many.Select(m => m.Value) : [a.Value])
        .Select(value => value is Type type ? TypeNames.Full(type) : value as string ?? "")
        .Where(name => name.Length > 0);

    private static IEnumerable<string> Strings(CustomAttributeData attribute) => attribute.ConstructorArguments
        .SelectMany(a => a.Value is IEnumerable<CustomAttributeTypedArgument> many ? many.Select(m => m.Value) : [a.Value])
        .OfType<string>();

    private static object? Named(CustomAttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(a => a.MemberName == name).TypedValue.Value;

    private static CustomAttributeData? Attribute(MemberInfo member, string name) => Attributes(member, name).FirstOrDefault();

    private static IEnumerable<CustomAttributeData> Attributes(MemberInfo member, string name) =>
        member.GetCustomAttributesData().Where(a => a.AttributeType.FullName == Automation + name);
}
