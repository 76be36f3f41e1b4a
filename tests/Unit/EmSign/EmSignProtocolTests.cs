using System;
using System.Globalization;
using System.Linq;
using System.Text;
using KeyManager.Authorities;
using KeyManager.Providers.Authorities.EmSign;
using KeyManager.Providers.Authorities.EmSign.Protocol;
using KeyManager.Tests.Support;
using Newtonsoft.Json.Linq;
using Xunit;

namespace KeyManager.Tests.EmSign;

/// <summary>What is sent and read, without a server.</summary>
public sealed class EmSignProtocolTests
{
    [Fact]
    public void The_digest_is_that_of_the_test_vector() => Assert.Equal(
        "2671384125c23488357b3cd9e9c4014db25f92e81ab928d33bba2d4fdad5a04b",
        new RequestMark("2026-01-31T14:19:28+05:30", "1234567890123456").Sign(Encoding.ASCII.GetBytes("abc123")));

    [Fact]
    public void A_mark_is_in_the_zone_of_the_API_and_good_once()
    {
        RequestMark[] marks = [.. Enumerable.Range(0, 500).Select(_ => RequestMark.New(new DateTimeOffset(2026, 1, 31, 8, 49, 28, TimeSpan.Zero)))];
        Assert.All(marks, m => Assert.Equal("2026-01-31T14:19:28+05:30", m.TimeStamp));
        Assert.All(marks, m => Assert.Matches("^[0-9]{16}$", m.Transaction));
        Assert.Equal(500, marks.Select(m => m.Transaction).Distinct().Count());
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("ar-SA")]
    [InlineData("th-TH")]
    public void A_mark_does_not_depend_on_the_culture(string culture)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo(culture);
            Assert.Equal("2026-01-31T14:19:28+05:30", RequestMark.New(new DateTimeOffset(2026, 1, 31, 8, 49, 28, TimeSpan.Zero)).TimeStamp);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("+49 30 1234", "49", "301234")]
    [InlineData("+1 (555) 123-4567", "1", "5551234567")]
    [InlineData("+91-9876543210", "91", "9876543210")]
    [InlineData("00441632960000", "44", "1632960000")]
    [InlineData("+353 1 234 5678", "353", "12345678")]
    [InlineData("+7 495 1234567", "7", "4951234567")]
    public void A_telephone_number_is_split_behind_its_country_code(string text, string code, string number) => Assert.Equal(new PhoneNumber(code, number), PhoneNumber.Read(text));

    [Theory]
    [InlineData("030 1234")]
    [InlineData("")]
    [InlineData("+0 123456")]
    [InlineData("+49")]
    public void A_telephone_number_without_a_country_code_is_none(string text) => Assert.Null(PhoneNumber.Read(text));

    [Theory]
    [InlineData("2024-11-06 04:58:31", "2024-11-06 04:58:31")]
    [InlineData("2024-11-06T04:58:31+05:30", "2024-11-05 23:28:31")]
    [InlineData("2024-11-06T04:58:31Z", "2024-11-06 04:58:31")]
    [InlineData("2024-11-06", "2024-11-06 00:00:00")]
    public void A_moment_without_a_zone_is_UTC(string text, string utc) => Assert.Equal(utc, ApiMoment.Read(text)?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("N/A")]
    public void What_is_no_moment_is_none(string? text) => Assert.Null(ApiMoment.Read(text));

    [Fact]
    public void Each_code_of_the_reference_has_a_meaning_and_a_way_out()
    {
        int[] listed =
        [
            901, 902, 908, 909, 910, 911, 913, 916, 917, 918, 920, 921, 922, 923, 924, 925, 926, 937, 939, 942, 943, 946, 947, 952, 956, 962, 964, 966, 967, 969, 970, 971, 972, 973, 976, 982, 984, 985, 986, 987,
            990, .. Enumerable.Range(991, 11), 1004, 1005, 1006, 1039, 1040, 1042, 1052, 1053, 1054, 1055, 1056, 1057, 1058, 1059, 1060, 1065, 1066, 1068, 1069, 1073, 1075, 1076, 1077, 1078, 1079, 1080, 1082,
            .. Enumerable.Range(1084, 9), 1099, 1103, 1104, 1105, 1106, 1107, .. Enumerable.Range(1108, 16), 1134, 1135, 1136, 1137, 1138, 1139, 1140, 1141, 1142, 1154, 1155, 1156, 1157, 1158, 1159, 1162, 1165,
            1166, 1167, 1169, .. Enumerable.Range(1171, 9), 1180, 1195, 1197, 1200, .. Enumerable.Range(1203, 11), 1216, 1217, 1218, .. Enumerable.Range(1220, 20), 1269,
        ];
        foreach (int code in listed)
        {
            Assert.Contains(code, EmSignErrorTable.All.Keys);
            EmSignAnswer answer = EmSignAnswer.Read(Encoding.UTF8.GetBytes("{\"meta\":{\"status\":\"0\",\"errorCode\":\"EMS-" + code + "\",\"errorMessage\":\"Its own words\"}}"));
            KeyManagerException error = EmSignErrors.Explain(answer, Some.Account(), Some.Moment);
            Assert.Contains($"EMS-{code}: Its own words", error.Message, StringComparison.Ordinal);
            Assert.Contains(EmSignErrorTable.Find(code).Meaning, error.Message, StringComparison.Ordinal);
            Assert.False(string.IsNullOrEmpty(error.Remedy));
        }
    }

    [Theory]
    [InlineData("""{"meta":{"status":"1"}}""", false)]
    [InlineData("""{"meta":{"status":1}}""", false)]
    [InlineData("""{"meta":{"status":"0","errorCode":"EMS-1040"},"orderDetails":""}""", true)]
    [InlineData("""{"meta":{"status":"0","errorCode":"EMS-1040"},"orderDetails":null}""", true)]
    public void An_answer_is_read_however_it_writes_its_outcome(string json, bool isError)
    {
        EmSignAnswer answer = EmSignAnswer.Read(Encoding.UTF8.GetBytes(json));
        Assert.Equal(isError, answer.IsError);
        Assert.Empty(answer.Block("orderDetails"));
        Assert.Empty(answer.Blocks("orderDetails"));
    }

    [Fact]
    public void The_names_are_found_among_other_members()
    {
        TrackedOrder order = new(JObject.Parse("""{ "domainVerification": { "www.contoso.com": { "dcvStatus": 1, "caaStatus": "2" }, "*.contoso.com": { "dcvStatus": "0" }, "status": "0", "list": [1], "no name": {} } }"""));
        Assert.Equal(["www.contoso.com", "*.contoso.com"], order.Domains.Select(d => d.Text));
        Assert.Equal((true, 2), (order.Domains[0].IsProved, order.Domains[0].CaaStatus));
    }

    [Theory]
    [InlineData("""{"certificateStatusId":"20","orderStatusId":"4"}""", OrderStatus.Available)] // sources do not agree on 4
    [InlineData("""{"certificateStatusId":9}""", OrderStatus.Available)]
    [InlineData("""{"certificateStatusId":"15"}""", OrderStatus.Available)]
    [InlineData("""{"certificateStatusId":"24","orderStatusId":"2"}""", OrderStatus.Processing)]
    [InlineData("""{"certificateStatusId":"3"}""", OrderStatus.Processing)]
    [InlineData("""{"certificateStatusId":"22"}""", OrderStatus.Revoked)]
    [InlineData("""{"certificateStatusId":"20","revocationDetails":{"revokeRequestStatusId":"5"}}""", OrderStatus.Revoked)]
    [InlineData("""{"certificateStatusId":"12"}""", OrderStatus.Expired)]
    [InlineData("""{"certificateStatusId":"13"}""", OrderStatus.Cancelled)]
    [InlineData("""{"orderStatusId":"5"}""", OrderStatus.Cancelled)]
    [InlineData("""{"certificateStatusId":"27"}""", OrderStatus.Rejected)]
    [InlineData("""{"certificateStatusId":"8"}""", OrderStatus.Rejected)]
    [InlineData("""{"orderStatusId":"7"}""", OrderStatus.Processing)]
    [InlineData("""{"certificateStatusId":"99"}""", OrderStatus.Unknown)]
    [InlineData("{}", OrderStatus.Unknown)]
    public void A_state_is_decided_by_the_certificate_before_the_order(string json, OrderStatus status)
    {
        AuthorityOrder state = EmSignStates.Read(new TrackedOrder(JObject.Parse(json)), "1", null, null, true);
        Assert.Equal(status, state.Status);
        Assert.False(string.IsNullOrEmpty(state.AuthorityStatus));
    }
}
