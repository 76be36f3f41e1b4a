namespace KeyManager.Tests.Dns;

/// <summary>Messages that known servers took and sent, octet by octet. Key acme-key, hmac-sha256, zone example.test.</summary>
internal static class UpdateVectors
{
    public const string Secret = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    public const string Secret512 = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZg==";
    public const string Value = "lCM7cZyQXcVHK2nnW3jjAhNT3Fvm18UN-kWZZknKoYM";
    public const string Name = "_acme-challenge.example.test";

    /// <summary>When the requests were signed.</summary>
    public const long Time = 1767225600;

    public const string Mac = "1755936169b4c950218014476066891a1780744a057dba349ef4c91ae4a80141";

    /// <summary>Adds the value with TTL 60; identifier 1234, nothing compressed, not signed.</summary>
    public const string Body =
        "123428000001000000010000" + ZoneEntry + Owner + "001000010000003c" + Text;

    /// <summary>The same, signed.</summary>
    public const string Signed =
        "123428000001000000010001" + ZoneEntry + Owner + "001000010000003c" + Text + Tsig + "6955b900012c0020" + Mac + "123400000000";

    /// <summary>The same with the owner's end compressed, as we write it.</summary>
    public const string Compressed =
        "123428000001000000010001" + ZoneEntry + "0f5f61636d652d6368616c6c656e6765c00c" + "001000010000003c" + Text + Tsig
        + "6955b900012c0020ef625c0768db87c57ebfac9759f0ad38c37cdea4e9d05cf31f9467ec403137aa123400000000";

    /// <summary>Takes that one record away, identifier 1235, not signed.</summary>
    public const string RemovalBody = "123528000001000000010000" + ZoneEntry + Owner + "001000fe00000000" + Text;

    public const string RemovalSigned =
        "123528000001000000010001" + ZoneEntry + Owner + "001000fe00000000" + Text + Tsig + "6955b900012c0020d336e04a73aa3861e685eb4c9426a516c31fdd5b9f2e03460e36f3f60204d652123500000000";

    /// <summary>BIND's answer to <see cref="Signed"/>, two seconds later.</summary>
    public const string Answer =
        "1234a8000001000000000001" + ZoneEntry + Tsig + "6955b902012c00205aed25d4ec4ec16bd12f59933f19c73b71f11f0d568a04d7c7ae0a16476f27e0123400000000";

    public const string Mac512 =
        "7a18b0aeb0097e17b7bc827b51f5d507d7011436d4ce8c2475cde8426e46d8a18823488241cbf3ae7b4f73baa32893efe9cfae831b9b4f29edb1423c0e4aba97";

    /// <summary>BIND's answer to the same body with identifier 1236, key acme-key512, hmac-sha512.</summary>
    public const string Answer512 =
        "1236a8000001000000000001" + ZoneEntry
        + "0b61636d652d6b65793531320000fa00ff00000000005d0b686d61632d7368613531320000006955b902012c0040e1cc3130dc33447f52e8ee9f0be2133606431d293ecf5da5b530994594259e01"
        + "01148277bd349fb5b3677f7c0c66e44e90f965396d2a2752c571aa9d0049f371123600000000";

    /// <summary>When the request with the wrong time was signed, and what by.</summary>
    public const long TimeBefore = 1795230243;

    public const string MacBefore = "f3cdf10554585a103b3f75e6096cd6887b2a9a8adbdae0b2ccf80934b17bb82a";

    /// <summary>BIND's answer to it: its clock is 400 s further.</summary>
    public const string BadTime =
        "4014a8090001000000000001" + ZoneEntry
        + "0861636d652d6b65790000fa00ff0000000000430b686d61632d7368613235360000006b010a23012c00201f72e05b9abc9cb99e1d0e468f9eb341f81646f422f09fc8ed51c3131f249d40"
        + "40140012000600006b010bb3";

    public const string BadKey = "2001a8090001000000000001" + ZoneEntry + "056e6f6b65790000fa00ff00000000001d0b686d61632d7368613235360000006b0112c0012c0000200100110000";

    public const string BadSig = "2002a8090001000000000001" + ZoneEntry + "0861636d652d6b65790000fa00ff00000000001d0b686d61632d7368613235360000006b0112c0012c0000200200100000";

    private const string ZoneEntry = "076578616d706c6504746573740000060001";
    private const string Owner = "0f5f61636d652d6368616c6c656e6765076578616d706c65047465737400";
    private const string Text = "002c2b6c434d37635a7951586356484b326e6e57336a6a41684e543346766d3138554e2d6b575a5a6b6e4b6f594d";
    private const string Tsig = "0861636d652d6b65790000fa00ff00000000003d0b686d61632d736861323536000000";
}
