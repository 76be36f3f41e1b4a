using System;
using System.Globalization;
using System.Linq;
using System.Text;
using KeyManager.Providers.Authorities.SslStore.Protocol;
using Xunit;

namespace KeyManager.Tests.SslStore;

/// <summary>Answers in all the forms that the API has had, whatever the culture of the machine.</summary>
public sealed class ApiReadingTests
{
    [Theory]
    [InlineData("7/23/2026 1:50:20 AM", "2026-07-23 01:50:20")]
    [InlineData("7/23/2026 13:50:20", "2026-07-23 13:50:20")]
    [InlineData("23/07/2026 13:50:20", "2026-07-23 13:50:20")]
    [InlineData("2026-07-23T13:50:20Z", "2026-07-23 13:50:20")]
    [InlineData("2026-07-23T15:50:20+02:00", "2026-07-23 13:50:20")]
    [InlineData("/Date(1784814620000)/", "2026-07-23 13:50:20")]
    [InlineData("/Date(1784814620000+0200)/", "2026-07-23 13:50:20")]
    [InlineData("7/23/2026", "2026-07-23 00:00:00")]
    [InlineData("1/1/1900 12:00:00 AM", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    [InlineData("soon", null)]
    [InlineData("/Date(99999999999999999999)/", null)]
    public void Dates(string? text, string? expected)
    {
        foreach (string culture in new[] { "de-DE", "tr-TR", "en-US", "ar-SA" })
        {
            CultureInfo before = CultureInfo.CurrentCulture;
            try
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
                Assert.Equal(expected, ApiDate.Read(text)?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
            }
            finally
            {
                CultureInfo.CurrentCulture = before;
            }
        }
    }

    [Theory]
    [InlineData("""{"AuthResponse":{"isError":true,"Message":["ErrorCode:-9009|Message:Vendor returns error: no"]}}""", true, -9009, "Vendor returns error: no")]
    [InlineData("""{"AuthResponse":{"isError":"true","Message":"ErrorCode:-9008|Message:Token/Authentication failure"}}""", true, -9008, "Token/Authentication failure")]
    [InlineData("""{"isError":true,"Message":null}""", true, null, "")]
    [InlineData("""{"iserror":1,"message":[]}""", true, null, "")]
    [InlineData("""[{"AuthResponse":{"isError":true,"Message":["a","b"]}}]""", true, null, "a b")]
    [InlineData("""{"isError":false,"Message":["hello"]}""", false, null, "hello")]
    [InlineData("""[]""", false, null, "")]
    [InlineData("""%7B%22isError%22%3Afalse%7D""", false, null, "")]
    public void Outcomes(string body, bool isError, int? code, string message)
    {
        ApiAnswer answer = ApiAnswer.Read(Encoding.UTF8.GetBytes(body));
        Assert.Equal((isError, code, message), (answer.IsError, answer.Code, answer.Message));
    }

    [Theory]
    [InlineData("<html></html>")]
    [InlineData("")]
    [InlineData("{\"a\":")]
    [InlineData("[{]")]
    [InlineData("null")]
    public void What_is_no_answer_is_said_to_be_none(string body) => Assert.Throws<FormatException>(() => ApiAnswer.Read(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Any_cut_of_an_answer_is_no_answer()
    {
        byte[] whole = Encoding.UTF8.GetBytes("""{"AuthResponse":{"isError":false,"Message":["ok"]},"TheSSLStoreOrderID":"7","DNSNames":["a","b"]}""");
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Throws<FormatException>(() => ApiAnswer.Read([.. whole.Take(length)]));
        }
    }
}
