using KeyManager.Dns;

namespace KeyManager;

/// <summary>What kinds of challenges have in common for whoever publishes them.</summary>
public static class ChallengeTypeExtensions
{
    /// <summary>True when the proof is a file that a web server hands out.</summary>
    public static bool IsFile(this ChallengeType type) => type is ChallengeType.Http01 or ChallengeType.HttpFile or ChallengeType.HttpsFile;

    /// <summary>True when the proof is a DNS record.</summary>
    public static bool IsRecord(this ChallengeType type) => type is ChallengeType.DnsCname || type.IsText();

    /// <summary>True when the proof is a TXT record, which stands beside others of its name; a CNAME record is the only one at its name.</summary>
    public static bool IsText(this ChallengeType type) =>
        type is ChallengeType.Dns01 or ChallengeType.DnsAccount01 or ChallengeType.DnsPersist01 or ChallengeType.DnsTxt;

    /// <summary>The kind of record that a proof is, where it is one.</summary>
    public static DnsRecordType RecordType(this ChallengeType type) => type == ChallengeType.DnsCname ? DnsRecordType.CName : DnsRecordType.Txt;
}
