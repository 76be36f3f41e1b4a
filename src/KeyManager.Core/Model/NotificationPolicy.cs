using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager;

/// <summary>Who is told of what, and how. Its secrets lie in the store's secret table and never in this object.</summary>
public sealed record NotificationPolicy : INamedRecord
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Name, unique among the policies.</summary>
    public required string Name { get; init; }

    /// <summary>False: nobody is told.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>How.</summary>
    public NotificationChannel Channel { get; init; }

    /// <summary>Of what.</summary>
    public NotificationEvents Events { get; init; } = NotificationEvents.All;

    /// <summary>Days before its end at which a certificate is told of, each once.</summary>
    public IReadOnlyList<int> DaysBeforeExpiry { get; init; } = [30, 14, 7, 3, 1];

    /// <summary>Names of the entries that it tells of, with the wildcards * and ?; empty for all.</summary>
    public IReadOnlyList<string> CertificateNames { get; init; } = [];

    /// <summary>Tags of what it tells of, with the wildcards * and ?; empty for all.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Owners of what it tells of, with the wildcards * and ?; an empty text means those without one. Empty for all.</summary>
    public IReadOnlyList<string> Owners { get; init; } = [];

    /// <summary>Groups of what it tells of, with the wildcards * and ?; an empty text means those without one. Empty for all.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Reports that it sends, about what it tells of; empty for none.</summary>
    public IReadOnlyList<ReportType> Reports { get; init; } = [];

    /// <summary>How often it sends them.</summary>
    public ReportInterval Every { get; init; }

    /// <summary>One message for everything that there is to tell at a time; otherwise one for each certificate.</summary>
    public bool IsDigest { get; init; } = true;

    /// <summary>The same failure of the same certificate is not told again sooner.</summary>
    public TimeSpan RepeatAfter { get; init; } = TimeSpan.FromDays(1);

    /// <summary>E-mail addresses that are told.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>E-mail address of the sender; <c>null</c> takes the first of <see cref="To"/>.</summary>
    public string? From { get; init; }

    /// <summary>What the subject begins with.</summary>
    public string SubjectPrefix { get; init; } = "[KeyManager]";

    /// <summary>Name or address of the mail server.</summary>
    public string? SmtpServer { get; init; }

    /// <summary>Port of the mail server; 0 takes the usual one.</summary>
    public int SmtpPort { get; init; }

    /// <summary>How the connection to the mail server is protected.</summary>
    public MailSecurity MailSecurity { get; init; }

    /// <summary>Name of the user at the mail server; <c>null</c> sends without.</summary>
    public string? UserName { get; init; }

    /// <summary>Full path of the script.</summary>
    public string? ScriptPath { get; init; }

    /// <summary>Full path of a file with roots that are trusted beside those of the machine; <c>null</c> for none.</summary>
    public string? TrustedRootPath { get; init; }

    /// <summary>Address of a proxy for webhooks; <c>null</c> takes the system's.</summary>
    public string? Proxy { get; init; }

    /// <summary>Host of the webhook. The whole address is a secret: whoever knows it can write there.</summary>
    public string? WebhookHost { get; init; }

    /// <summary>Names of the secrets that are stored: Password, Url, HmacSecret.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    public override string ToString() => $"{Name} ({Channel})";

    /// <summary>What it tells of, by labels.</summary>
    internal LabelFilter Labels => new() { Tags = Tags, Owners = Owners, Groups = Groups };

    internal bool Selects(string name, Labels labels) => (CertificateNames.Count == 0 || CertificateNames.Any(p => Wildcard.Fits(p, name))) && Labels.Fits(labels);
}
