using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace KeyManager.HelpGenerator;

/// <summary>Names of types as PowerShell users know them.</summary>
internal static class TypeNames
{
    public static string Full(Type type) => type.IsArray
        ? Full(Element(type)) + "[]"
        : Nullable(type) is { } inner ? Full(inner) : type.FullName ?? type.Name;

    public static string Short(Type type) => type.IsArray
        ? Short(Element(type)) + "[]"
        : Nullable(type) is { } inner ? Short(inner) : type.FullName switch
        {
            "System.Int32" => "int",
            "System.Int64" => "long",
            "System.Boolean" => "bool",
            "System.String" => "string",
            _ => type.Name.Split('`')[0],
        };

    /// <summary>The names of an enumeration's values; none for other types.</summary>
    public static IEnumerable<string> EnumValues(Type type)
    {
        Type inner = type.IsArray ? Element(type) : type;
        inner = Nullable(inner) ?? inner;
        return inner.IsEnum ? inner.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => f.Name) : [];
    }

    private static Type Element(Type array) => array.GetElementType()!; // arrays have one

    private static Type? Nullable(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition().FullName == "System.Nullable`1" ? type.GetGenericArguments()[0] : null;
}
