using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using KeyManager.Notifications;

namespace KeyManager.Providers.Notifications;

/// <summary>Writes a message as mail (RFC 5322, 2045 to 2047), in ASCII alone: what is not ASCII is encoded, so that every server can take it.</summary>
internal static class MimeText
{
    /// <summary>The lines of the message, without line ends.</summary>
    /// <param name="from">Address of the sender.</param>
    /// <param name="to">Addresses.</param>
    /// <param name="message">What is sent.</param>
    /// <param name="id">Something that no other message has.</param>
    /// <param name="now">The time.</param>
    public static IReadOnlyList<string> Lines(string from, IReadOnlyList<string> to, NotificationMessage message, string id, DateTimeOffset now)
    {
        List<string> lines =
        [
            "From: KeyManager <" + Address(from) + ">",
            "To: " + string.Join(",\r\n ", to.Select(Address)),
            "Date: " + now.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture),
            "Message-ID: <" + id + "@" + Address(from).Split('@')[1] + ">",
            .. Subject(message.Subject),
            "MIME-Version: 1.0",

            // RFC 3834: no answering machine answers it.
            "Auto-Submitted: auto-generated",
        ];
        if (message.Attachments.Count == 0)
        {
            lines.AddRange(TextPart(message.Text));
            return [.. lines.SelectMany(l => l.Split(["\r\n"], StringSplitOptions.None))];
        }

        string boundary = "=_" + id;
        lines.Add($"Content-Type: multipart/mixed; boundary=\"{boundary}\"");
        lines.Add("");
        lines.Add("--" + boundary);
        lines.AddRange(TextPart(message.Text));
        foreach (NotificationAttachment attachment in message.Attachments)
        {
            lines.Add("--" + boundary);
            lines.Add($"Content-Type: {attachment.MediaType}; name=\"{attachment.FileName}\"");
            lines.Add($"Content-Disposition: attachment; filename=\"{attachment.FileName}\"");
            lines.Add("Content-Transfer-Encoding: base64");
            lines.Add("");
            lines.AddRange(Base64(attachment.Content));
        }

        lines.Add("--" + boundary + "--");
        return [.. lines.SelectMany(l => l.Split(["\r\n"], StringSplitOptions.None))];
    }

    /// <summary>The address with its domain as A-labels.</summary>
    public static string Address(string address)
    {
        int at = address.IndexOf('@');
        return address.Substring(0, at + 1) + new IdnMapping().GetAscii(address.Substring(at + 1));
    }

    private static IEnumerable<string> TextPart(string text)
    {
        yield return "Content-Type: text/plain; charset=utf-8";
        yield return "Content-Transfer-Encoding: base64";
        yield return "";
        foreach (string line in Base64(Encoding.UTF8.GetBytes(text.Replace("\r\n", "\n").Replace("\n", "\r\n"))))
        {
            yield return line;
        }
    }

    /// <summary>An encoded word holds 45 bytes of text, so that none is longer than 75 characters (RFC 2047 §2); never half a character.</summary>
    private static IEnumerable<string> Subject(string subject)
    {
        string clean = new([.. subject.Select(c => char.IsControl(c) ? ' ' : c)]);
        if (clean.All(c => c < '\x7f') && clean.Length < 60)
        {
            yield return "Subject: " + clean;
            yield break;
        }

        List<byte> word = [];
        string start = "Subject: ";
        for (int i = 0; i < clean.Length; i++)
        {
            string character = char.IsHighSurrogate(clean[i]) && i + 1 < clean.Length ? clean.Substring(i++, 2) : clean.Substring(i, 1);
            byte[] bytes = Encoding.UTF8.GetBytes(character);
            if (word.Count + bytes.Length > 42)
            {
                yield return start + Word(word);
                start = " ";
                word.Clear();
            }

            word.AddRange(bytes);
        }

        yield return start + Word(word);
    }

    private static string Word(List<byte> bytes) => "=?utf-8?B?" + Convert.ToBase64String([.. bytes]) + "?=";

    private static IEnumerable<string> Base64(byte[] bytes)
    {
        string text = Convert.ToBase64String(bytes);
        for (int i = 0; i < text.Length; i += 76)
        {
            yield return text.Substring(i, Math.Min(76, text.Length - i));
        }
    }
}
