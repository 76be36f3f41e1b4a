using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml;
using System.Xml.Linq;
using KeyManager.Dns;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>Reads the XML of AWS. Namespaces are passed over; a document type, and with it every entity, is refused.</summary>
internal static class AwsXml
{
    private const int LongestDocument = 8 * 1024 * 1024;
    private const int DeepestElement = 32;

    /// <summary>The root of an answer that may be something else, such as the error page of a proxy; <c>null</c> when it is.</summary>
    public static XElement? TryRead(HttpAnswer answer)
    {
        try
        {
            // A tree that is nested deep takes a time that grows with the square of its depth, so it is not built.
            using (XmlReader depth = Reader(answer))
            {
                while (depth.Read())
                {
                    if (depth.Depth > DeepestElement)
                    {
                        return null;
                    }
                }
            }

            using XmlReader reader = Reader(answer);
            return XElement.Load(reader);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>Reads an answer. One that lacks something is one error, whatever it lacks.</summary>
    /// <param name="context">The account, for the error.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="root">The name that its root must have.</param>
    /// <param name="read">Takes out what is needed; a <see cref="FormatException"/> says what is wrong.</param>
    /// <exception cref="ChallengeException">KmDnsAnswerUnreadable.</exception>
    public static T Read<T>(DnsContext context, HttpAnswer answer, string root, Func<XElement, T> read)
    {
        XElement? element = TryRead(answer);
        if (element?.Name.LocalName != root)
        {
            throw ServiceErrors.Unreadable(context, answer.Url, answer.Status, $"it is not the XML that was expected, {root}");
        }

        try
        {
            return read(element);
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            throw ServiceErrors.Unreadable(context, answer.Url, answer.Status, error.Message, error);
        }
    }

    /// <summary>The first child of this name; <c>null</c> when there is none.</summary>
    public static XElement? Child(this XElement parent, string name) => parent.Elements().FirstOrDefault(e => e.Name.LocalName == name);

    /// <summary>The first child of this name.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static XElement Need(this XElement parent, string name) => parent.Child(name) ?? throw new FormatException($"{parent.Name.LocalName} has no {name}.");

    /// <summary>The text of the first child of this name; <c>null</c> when there is none.</summary>
    public static string? Text(this XElement parent, string name) => parent.Child(name)?.Value;

    /// <summary>The text of the first child of this name.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static string NeedText(this XElement parent, string name) => parent.Need(name).Value;

    /// <summary>The children of a child that is a list.</summary>
    /// <exception cref="FormatException">There is no such list.</exception>
    public static IEnumerable<XElement> Items(this XElement parent, string list) => parent.Need(list).Elements();

    /// <summary>Whether the text of the child is "true".</summary>
    public static bool IsTrue(this XElement parent, string name) => parent.Text(name)?.Trim() == "true";

    /// <summary>The last part of an identifier such as /hostedzone/Z0123456789EXAMPLE, which is what stands in addresses.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static string Id(string text)
    {
        string id = text.Trim().Substring(text.Trim().LastIndexOf('/') + 1);
        return id.Length is > 0 and <= 32 && id.All(c => c is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or (>= '0' and <= '9')) ? id : throw new FormatException($"'{text}' is no identifier.");
    }

    private static XmlReader Reader(HttpAnswer answer) => XmlReader.Create(
        new MemoryStream(answer.Body), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = LongestDocument, CloseInput = true });
}
