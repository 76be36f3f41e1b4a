using System;
using System.Text;

namespace KeyManager.Providers.Keystores;

/// <summary>Java's modified UTF-8 (java.io.DataInput): NUL in two bytes, surrogates as three bytes each.</summary>
internal static class JavaText
{
    /// <summary>The length is written in 16 bits.</summary>
    public const int MaximumBytes = 65_535;

    public static byte[] Encode(string text)
    {
        byte[] bytes = new byte[text.Length * 3];
        int length = 0;
        foreach (char c in text)
        {
            if (c is >= '\u0001' and <= '\u007F')
            {
                bytes[length++] = (byte)c;
            }
            else if (c <= '\u07FF')
            {
                bytes[length++] = (byte)(0xC0 | (c >> 6));
                bytes[length++] = (byte)(0x80 | (c & 0x3F));
            }
            else
            {
                bytes[length++] = (byte)(0xE0 | (c >> 12));
                bytes[length++] = (byte)(0x80 | ((c >> 6) & 0x3F));
                bytes[length++] = (byte)(0x80 | (c & 0x3F));
            }
        }

        Array.Resize(ref bytes, length);
        return bytes;
    }

    /// <exception cref="FormatException">Not modified UTF-8.</exception>
    public static string Decode(byte[] bytes)
    {
        StringBuilder text = new(bytes.Length);
        for (int i = 0; i < bytes.Length;)
        {
            int first = bytes[i];
            int length = first < 0x80 ? 1 : (first & 0xE0) == 0xC0 ? 2 : (first & 0xF0) == 0xE0 ? 3 : 0;
            if (length == 0 || i + length > bytes.Length)
            {
                throw new FormatException("Not modified UTF-8.");
            }

            int value = length switch { 1 => first, 2 => first & 0x1F, _ => first & 0x0F };
            for (int k = 1; k < length; k++)
            {
                value = (value << 6) | ((bytes[i + k] & 0xC0) == 0x80 ? bytes[i + k] & 0x3F : throw new FormatException("Not modified UTF-8."));
            }

            text.Append((char)value);
            i += length;
        }

        return text.ToString();
    }
}
