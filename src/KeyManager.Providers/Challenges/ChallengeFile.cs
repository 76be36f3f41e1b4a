using System.Linq;
using System.Text;
using KeyManager.Challenges;

namespace KeyManager.Providers.Challenges;

/// <summary>The file that proves control of a name: below .well-known of the web root, in the folder of its kind (RFC 8555 §8.3; file validations of the other authorities).</summary>
internal sealed record ChallengeFile
{
    public const string WellKnown = ".well-known";

    private ChallengeFile(Challenge challenge, string name)
    {
        Challenge = challenge;
        Name = name;
    }

    public Challenge Challenge { get; }

    /// <summary>The folder below .well-known.</summary>
    public string Folder => FolderOf(Challenge.Type);

    /// <summary>Name of the file.</summary>
    public string Name { get; }

    /// <exception cref="ChallengeException">KmChallengeNotPublished: the authority gave none.</exception>
    public byte[] Content => Encoding.ASCII.GetBytes(Challenge.Value ?? throw NotPublished(Challenge, "the authority gave no content for its file.", null));

    /// <exception cref="ChallengeException">KmChallengeNotPublished: the name is none that a file should have.</exception>
    public static ChallengeFile Of(Challenge challenge)
    {
        // Base64url only, elsewhere with an extension. The authority chose it, and it becomes part of a path.
        bool mayHaveDots = challenge.Type != ChallengeType.Http01;
        return challenge.Token is { Length: > 0 and <= 255 } token && token[0] != '.'
            && token.All(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_' || (mayHaveDots && c == '.'))
            ? new ChallengeFile(challenge, token)
            : throw NotPublished(challenge, "the authority's token holds characters other than those of base64url; it is not used as a file name.", null);
    }

    public static string FolderOf(ChallengeType type) => type == ChallengeType.Http01 ? "acme-challenge" : "pki-validation";

    public static ChallengeException NotPublished(Challenge challenge, string cause, string? remedy) =>
        new(ErrorIds.ChallengeNotPublished, $"The challenge file for {challenge.DomainName} cannot be published: {cause}") { Target = challenge, Remedy = remedy };
}
