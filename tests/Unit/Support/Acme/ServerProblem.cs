using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Tests.Support.Acme;

/// <summary>An error answer (RFC 8555 §6.7) on its way out.</summary>
internal sealed class ServerProblem : Exception
{
    private ServerProblem(int status, string type, string detail, bool isViolation)
        : base(detail)
    {
        Status = status;
        Type = type;
        IsViolation = isViolation;
    }

    public int Status { get; }

    /// <summary>The last part of the type's URN.</summary>
    public string Type { get; }

    /// <summary>The client broke a rule, as opposed to asking for what it cannot have.</summary>
    public bool IsViolation { get; }

    /// <summary>More members, such as subproblems.</summary>
    public Dictionary<string, object?> Members { get; } = [];

    public List<(string Name, string Value)> Fields { get; } = [];

    public static ServerProblem Violation(string type, string detail, int status = 400) => new(status, type, detail, isViolation: true);

    public static ServerProblem Malformed(string detail) => Violation("malformed", detail);

    public static ServerProblem Refusal(string type, string detail, int status = 400) => new(status, type, detail, isViolation: false);

    public static ServerProblem NotYours() => Refusal("unauthorized", "That belongs to another account.", 403);

    public static ServerProblem NotFound() => Refusal("malformed", "There is no such thing.", 404);

    public static Dictionary<string, object?> Describe(int status, string type, string detail) => new()
    {
        ["type"] = "urn:ietf:params:acme:error:" + type,
        ["detail"] = detail,
        ["status"] = (long)status,
    };

    public HttpAnswer ToAnswer()
    {
        Dictionary<string, object?> problem = Describe(Status, Type, Message);
        foreach (KeyValuePair<string, object?> member in Members)
        {
            problem[member.Key] = member.Value;
        }

        HttpAnswer answer = HttpAnswer.Json(Status, problem, "application/problem+json");
        answer.Fields.AddRange(Fields);
        return answer;
    }
}
