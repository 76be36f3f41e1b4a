using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Providers.Authorities.EmSign;

/// <summary>The error codes of the API's reference, in our words.</summary>
internal static class EmSignErrorTable
{
    private static readonly Dictionary<int, (EmSignProblem Problem, string Meaning)> Known = Make();

    /// <summary>Codes with their meanings.</summary>
    public static IReadOnlyDictionary<int, (EmSignProblem Problem, string Meaning)> All => Known;

    public static (EmSignProblem Problem, string Meaning) Find(int? code) =>
        code is int number && Known.TryGetValue(number, out (EmSignProblem Problem, string Meaning) known) ? known : (EmSignProblem.Input, "a reason that its reference does not list");

    private static Dictionary<int, (EmSignProblem Problem, string Meaning)> Make()
    {
        Dictionary<int, (EmSignProblem, string)> table = [];
        Add(EmSignProblem.Defect, "the request is not formed as the API wants it", 901, 902, 911);
        Add(EmSignProblem.Defect, "the transaction id is missing or not well formed", 908, 909);
        Add(EmSignProblem.Defect, "the transaction id was used before", 947);
        Add(EmSignProblem.Clock, "the time stamp of the request is not accepted", 910);
        Add(EmSignProblem.Credential, "there is no account with this number", 913);
        Add(EmSignProblem.Credential, "the access key does not fit the account number", 1065, 1066);
        Add(EmSignProblem.Right, "the user of the access key has no right to this group", 1142);
        Add(EmSignProblem.Credential, "the user of the access key is not active", 1154);
        Add(EmSignProblem.Credential, "the account is deactivated", 1155);
        Add(EmSignProblem.Credential, "the account has expired", 1156);
        Add(EmSignProblem.Input, "the details of the requester are missing", 916);
        Add(EmSignProblem.Input, "the details of the certificate are missing", 917);
        Add(EmSignProblem.Input, "the remarks are missing", 918);
        Add(EmSignProblem.Input, "a part of the order is missing", 920, 921, 922, 923, 924, 925, 926);
        Add(EmSignProblem.Internal, "its database failed", 937);
        Add(EmSignProblem.Internal, "something went wrong there", 939);
        Add(EmSignProblem.Internal, "it has an internal error", 976);
        Add(EmSignProblem.NotFound, "the account has no such order", 942, 943, 1039, 1040, 1116, 1197);
        Add(EmSignProblem.NotFound, "the account has no such request", 1004, 1005);
        Add(EmSignProblem.Pending, "the request for the certificate is still being worked on", 946);
        Add(EmSignProblem.Request, "the certificate request cannot be read", 952);
        Add(EmSignProblem.Request, "the certificate request is missing", 1006);
        Add(EmSignProblem.Request, "the certificate request or its key is not accepted", 1052, 1055);
        Add(EmSignProblem.Request, "the key of the certificate request is too short", 1053);
        Add(EmSignProblem.Request, "the kind of key or signature is not supported", 1054);
        Add(EmSignProblem.Request, "the common name of the certificate request is not the domain name of the order", 1056);
        Add(EmSignProblem.Request, "the order has its certificate request already", 1068);
        Add(EmSignProblem.Request, "the product takes no elliptic-curve keys", 1069);
        Add(EmSignProblem.Request, "the certificate request was used before", 1099);
        Add(EmSignProblem.Pending, "the order is not ready for this yet", 956);
        Add(EmSignProblem.State, "the certificate is generated already", 962, 987);
        Add(EmSignProblem.State, "the order was rejected", 966, 986);
        Add(EmSignProblem.State, "the certificate could not be generated", 967);
        Add(EmSignProblem.State, "the certificate has expired", 982);
        Add(EmSignProblem.State, "the order is not in the state that this needs", 1042, 1165);
        Add(EmSignProblem.State, "this was done already", 1169);
        Add(EmSignProblem.Input, "a comment is missing", 964, 984);
        Add(EmSignProblem.Input, "the comment is missing or holds a character that is refused, such as a semicolon", 971, 1213);
        Add(EmSignProblem.Input, "the reason for the revocation is missing or not one that is accepted", 969, 970);
        Add(EmSignProblem.State, "the revocation was begun already", 972);
        Add(EmSignProblem.State, "the certificate was revoked already", 973);
        Add(EmSignProblem.State, "the order was cancelled already", 985);
        Add(EmSignProblem.State, "the revocation failed", 990);
        Add(EmSignProblem.Input, "a document is missing or not accepted", [.. Enumerable.Range(991, 11)]);
        Add(EmSignProblem.Input, "the domain name is not valid", 1057);
        Add(EmSignProblem.Input, "the product takes no wildcard", 1058);
        Add(EmSignProblem.Input, "the product is for a wildcard only", 1059);
        Add(EmSignProblem.Input, "the domain is a public suffix, below which everybody registers", 1060);
        Add(EmSignProblem.Directory, "it does not know the group or organization", 1073, 1075);
        Add(EmSignProblem.Directory, "the organization is not one that it has validated beforehand", 1134, 1135, 1136, 1137);
        Add(EmSignProblem.Proof, "control of the domain could not be verified", 1076);
        Add(EmSignProblem.Proof, "there is no valid TXT record", 1077);
        Add(EmSignProblem.Proof, "there is no record", 1078);
        Add(EmSignProblem.Proof, "a CAA record of the domain forbids it to issue", 1079);
        Add(EmSignProblem.Proof, "control of the domain is verified already", 1080);
        Add(EmSignProblem.Agreement, "the subscriber agreement is signed already", 1082);
        // 1090 lies among them and means something else.
        Add(EmSignProblem.Agreement, "something about the signature of the subscriber agreement is missing or not valid", [.. Enumerable.Range(1084, 7), 1092]);
        Add(EmSignProblem.Credential, "the access key may not do this", 1090);
        Add(EmSignProblem.Agreement, "the address of the signer is not a public one", 1091);
        Add(EmSignProblem.Pending, "control of the domain is not verified yet", 1103);
        Add(EmSignProblem.Pending, "the certificate request was not sent yet", 1104);
        Add(EmSignProblem.Input, "whether to secure the name with www. too is not said", 1105);
        Add(EmSignProblem.Proof, "a file cannot prove a name that is secured with www. too", 1106, 1107);
        Add(EmSignProblem.Defect, "the search for orders is not formed as the API wants it", [.. Enumerable.Range(1108, 8), .. Enumerable.Range(1117, 7)]);
        Add(EmSignProblem.Funds, "the credits of the account are not enough", 1138, 1139, 1140, 1141);
        Add(EmSignProblem.Directory, "the domain is not one that it accepts", 1157);
        Add(EmSignProblem.Input, "the way of proof or its e-mail address is not one that it accepts", 1158, 1159, 1166, 1167);
        Add(EmSignProblem.Directory, "the code of the product is not valid here", 1162);
        Add(EmSignProblem.Directory, "the product is not one of the account", 1195);
        Add(EmSignProblem.Directory, "the product is not one of the group", 1269);
        Add(EmSignProblem.Input, "the additional names are not accepted", [.. Enumerable.Range(1171, 9)]);
        Add(EmSignProblem.Input, "the product needs the details of an organization", 1180);
        Add(EmSignProblem.Input, "a custom field is not accepted", 1200, 1203, 1204, 1205, 1206, 1207, 1208, 1209, 1210, 1211, 1212);
        Add(EmSignProblem.Input, "the term of the subscription is not accepted", 1216, 1217, 1218);
        Add(EmSignProblem.Input, "the details of contract signer or approver are not accepted", [.. Enumerable.Range(1220, 20)]);
        return table;

        void Add(EmSignProblem problem, string meaning, params int[] codes)
        {
            foreach (int code in codes)
            {
                table[code] = (problem, meaning);
            }
        }
    }
}
