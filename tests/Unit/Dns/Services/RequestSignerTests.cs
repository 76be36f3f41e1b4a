using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Text;
using KeyManager.Providers.Dns.Services.Route53;
using KeyManager.Providers.Keys;
using KeyManager.Providers.Networking;
using Xunit;

namespace KeyManager.Tests.Dns.Services;

/// <summary>Signature Version 4 against the test suite of AWS, the example of its documents, and requests in the form of Route 53 and STS.</summary>
public sealed class RequestSignerTests
{
    private const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private const string Token = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";
    private const string ZonePath = "/2013-04-01/hostedzone/Z0123456789EXAMPLE/rrset";
    private const string Batch =
        """<ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch><Changes><Change><Action>UPSERT</Action><ResourceRecordSet><Name>_acme-challenge.example.com.</Name><Type>TXT</Type><TTL>60</TTL><ResourceRecords><ResourceRecord><Value>"one"</Value></ResourceRecord><ResourceRecord><Value>"two"</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>""";

    private static readonly DateTimeOffset Suite = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset NewYear = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("GET", "/", "", null, null, null, "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("GET", "/", "Param2=value2&Param1=value1", null, null, null, "816cd5b414d056048ba4f7c5386d6e0533120fb1fcfa93762cf0fc39e2cf19e0", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("POST", "/", "", "application/x-www-form-urlencoded", "Param1=value1", null, "42a5e5bb34198acb3e84da4f085bb7927f2bc277ca766e6d19c73c2154021281", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a")]
    [InlineData("GET", "/", "", null, null, Token, "067b36aa60031588cea4a4cde1f21215227a047690c72247f1d70b32fbbfad2b", "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8")]
    [InlineData("GET", "/", "ሴ=bar", null, null, null, null, "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04")]
    [InlineData("GET", "/example space/", "", null, null, null, null, "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741")]
    [InlineData("POST", "/", "", null, null, null, null, "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    public void The_test_suite_of_AWS_passes(string method, string path, string query, string? contentType, string? body, string? token, string? hash, string signature)
    {
        AwsRequest request = Request(method, "https://example.amazonaws.com", path, query, contentType, body);
        AssertSigned(request, token, "us-east-1", "service", Suite, hash, signature);
    }

    [Fact]
    public void The_example_of_the_documents_passes_step_by_step()
    {
        AwsRequest request = Request("GET", "https://iam.amazonaws.com", "/", "Action=ListUsers&Version=2010-05-08", "application/x-www-form-urlencoded; charset=utf-8", null);
        AssertSigned(request, null, "us-east-1", "iam", Suite, "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59", "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
        Assert.Equal("c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9", Hex.Write(RequestSigner.SigningKey(Encoding.ASCII.GetBytes(Secret), "20150830", "us-east-1", "iam")));
    }

    [Theory]
    [InlineData("GET", ZonePath, "type=TXT&name=_acme-challenge.example.com.&maxitems=1", null, null, null, "f17fe9871793e05058fa19251fc3b7472350bd6fc5b7a44abdff2218ec48cc3e", "e8d7128471c23059f07df51434d29756e231d9b7f8137b1bb5821d55d3beea67")]
    [InlineData("GET", ZonePath, @"name=\052.example.com.&type=TXT", null, null, null, "d8a0e756d0effa5ce94fafc07e6583a476dfb87bbe037307c81ab3c9d75b0593", "ecec61b695335cd7e3f2ca97de4423aa15c0b6abe6db396dd8630bc12c32185a")]
    [InlineData("POST", ZonePath + "/", "", "application/xml", Batch, "EXAMPLETOKEN//abc+def==", "0ea1dc54a39fb1e6ab88ad54b9ce519c47fb43b90ccefbc961a24c77f9c0001a", "0a2fee505586103d3fe9d19d77f35c23394fc132c2c46305209cba1b19a09ba7")]
    public void Requests_of_Route_53_are_signed(string method, string path, string query, string? contentType, string? body, string? token, string hash, string signature) =>
        AssertSigned(Request(method, "https://route53.amazonaws.com", path, query, contentType, body), token, "us-east-1", "route53", NewYear, hash, signature);

    [Fact]
    public void A_request_of_STS_is_signed() => AssertSigned(
        Request(
            "POST", "https://sts.us-east-1.amazonaws.com/", "/", "", "application/x-www-form-urlencoded; charset=utf-8",
            "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fdns&RoleSessionName=keymanager&DurationSeconds=3600"),
        null, "us-east-1", "sts", NewYear, "750cbf3c0d09d9714d1dbd2be41d898869c319b5be462539025b60d0af35a6c7", "90debe65af267b3e4b85ef1d41dafd62ab74d9653d327997a249d644c126e5fb");

    [Fact]
    public void What_is_sent_is_what_is_signed()
    {
        AwsRequest request = Request("GET", "http://127.0.0.1:5000/", ZonePath, @"name=\052.a b/c.example.com.&type=TXT", null, null);
        Assert.Equal($"http://127.0.0.1:5000{ZonePath}?name=%5C052.a%20b%2Fc.example.com.&type=TXT", request.Url.AbsoluteUri);
        Assert.Equal("127.0.0.1:5000", request.Host);
        Assert.Equal("example.com", Request("GET", "https://example.com:443/", "/", "", null, null).Host);
    }

    private static AwsRequest Request(string method, string endpoint, string path, string query, string? contentType, string? body) => new(
        new HttpMethod(method), new Uri(endpoint), path, [.. query.Split(['&'], StringSplitOptions.RemoveEmptyEntries).Select(p => (p.Split('=')[0], p.Split('=')[1]))])
    {
        ContentType = contentType,
        Body = body is null ? null : Encoding.UTF8.GetBytes(body),
    };

    private static void AssertSigned(AwsRequest request, string? token, string region, string service, DateTimeOffset time, string? hash, string signature)
    {
        HttpQuestion signed = RequestSigner.Sign(request, new AwsCredentials("AKIDEXAMPLE", Encoding.ASCII.GetBytes(Secret), token, null), region, service, time);
        string authorization = signed.Headers.Single(h => h.Name == "Authorization").Value;
        Assert.EndsWith("Signature=" + signature, authorization, StringComparison.Ordinal);
        Assert.Equal(token, signed.Headers.Where(h => h.Name == "x-amz-security-token").Select(h => h.Value).SingleOrDefault());
        if (hash is not null)
        {
            List<(string, string)> headers = [("host", request.Host), ("x-amz-date", time.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture))];
            headers.InsertRange(0, request.ContentType is null ? [] : [("content-type", request.ContentType)]);
            headers.AddRange(token is null ? [] : [("x-amz-security-token", token)]);
            Assert.Equal(hash, Hex.Write(Hashes.Sha256(Encoding.UTF8.GetBytes(RequestSigner.CanonicalRequest(request, headers)))));
        }
    }
}
