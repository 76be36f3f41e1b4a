using System;

namespace KeyManager.Challenges;

/// <summary>The end of proof by e-mail: public authorities must not accept it from then on, also what was proved before (Baseline Requirements 3.2.2.4.4, .13 and .14, ballot SC-090).</summary>
internal static class EmailProof
{
    public const string Remedy = "Order it with -ChallengeType DnsTxt or HttpFile, under the same -Name.";

    public static DateTimeOffset End { get; } = new(2028, 3, 15, 0, 0, 0, TimeSpan.Zero);

    public static string Message(string name) => $"{name} is proved by e-mail, which public authorities must not accept from 2028-03-15 on.";
}
