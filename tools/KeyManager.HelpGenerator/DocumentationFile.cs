using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;

namespace KeyManager.HelpGenerator;

/// <summary>The XML documentation files that the compiler wrote.</summary>
internal sealed class DocumentationFile
{
    private readonly Dictionary<string, XElement> _members = new(StringComparer.Ordinal);

    /// <summary>Reads the file beside each assembly that has one.</summary>
    public DocumentationFile(IEnumerable<string> assemblies)
    {
        foreach (string file in assemblies.Select(a => Path.ChangeExtension(a, ".xml")).Where(File.Exists))
        {
            foreach (XElement member in XDocument.Load(file, LoadOptions.PreserveWhitespace).Descendants("member"))
            {
                _members[(string?)member.Attribute("name") ?? ""] = member;
            }
        }
    }

    public XElement? OfType(Type type) => _members.GetValueOrDefault("T:" + NameOf(type));

    public XElement? OfProperty(Type declaringType, string property) => _members.GetValueOrDefault($"P:{NameOf(declaringType)}.{property}");

    private static string NameOf(Type type) =>
        ((type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName ?? type.Name).Replace('+', '.');
}
