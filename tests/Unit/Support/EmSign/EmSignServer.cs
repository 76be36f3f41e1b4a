using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using KeyManager.Providers.Keys;
using KeyManager.Tests.Support.Acme;
using KeyManager.Tests.Support.SslStore;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Tests.Support.EmSign;

/// <summary>
/// emSign on the loopback, as far as its API is documented. Strict: an unknown call or member, a wrong type, a missing mark is a violation. It recomputes each digest, takes each
/// transaction id once, keeps a ledger of what was paid, looks for proofs when it is told, and issues real certificates from a throwaway authority.
/// </summary>
internal sealed class EmSignServer : IDisposable
{
    public const string AccountNumber = "1234567890";
    public const string OtherAccountNumber = "1234567891";
    public const string AccessKey = "canary-key-91b2c7";
    public const string Group = "2345678901";
    public const string Organization = "7654321";

    private const string Base = "/emSignHub-API/";

    private static readonly Regex TransactionForm = new("^[A-Za-z0-9]{10,50}$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private static readonly Regex StampForm = new(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private readonly object _gate = new();
    private readonly Clock _clock;
    private readonly LoopbackHttpServer _http;
    private readonly Dictionary<string, Queue<EmSignFault>> _faults = [];
    private readonly HashSet<string> _transactions = [];
    private long _number = 5_917_192_000;

    public EmSignServer(Clock clock, IProofWorld world)
    {
        _clock = clock;
        World = world;
        _http = new LoopbackHttpServer(Answer);
    }

    public IProofWorld World { get; set; }

    public string Url => $"http://{_http.Authority}{Base}";

    public string WrongUrl => $"http://{_http.Authority}/";

    public List<EmSignSold> Orders { get; } = [];

    /// <summary>What was paid: the order, our reference.</summary>
    public List<(string Order, string? Tag)> Ledger { get; } = [];

    public List<string> Violations { get; } = [];

    /// <summary>Every call, in order.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>The blocks of the calls.</summary>
    public List<(string Call, JObject Block)> Messages { get; } = [];

    /// <summary>How far the server's clock is ahead.</summary>
    public TimeSpan Skew { get; set; }

    /// <summary>The key that it takes now.</summary>
    public string Key { get; set; } = AccessKey;

    public bool CountersAsText { get; set; }

    /// <summary>How a failure shows the block: absent, null, or an empty text.</summary>
    public string FailureBlock { get; set; } = "absent";

    public string SerialMember { get; set; } = "ceritficateSerialNumber";

    public bool DropsRequests { get; set; }

    public bool DropsSignatures { get; set; }

    public bool DropsTags { get; set; }

    public int HiddenDomains { get; set; }

    public int NotReady { get; set; }

    public int EmptyDownloads { get; set; }

    public bool AnswersEmptyListsWithRefusal { get; set; }

    public string RecordName { get; set; } = "_emsign-validation.{0}";

    public int CertificateDays { get; set; } = 199;

    public int FirstRevokeStatus { get; set; } = 2;

    public JArray Groups { get; set; } = JArray.Parse($$"""
        [
          { "groupNumber": "{{Group}}", "groupName": "Web", "isDefaultGroup": "1", "finance": "1", "accountBalance": "500", "groupBalance": "0",
            "organizationDetails": [ { "organizationNumber": "{{Organization}}", "organizationName": "Contoso GmbH", "validationFor": "2" } ] },
          { "groupNumber": "2345678902", "groupName": "Lab", "isDefaultGroup": "0", "finance": "2", "accountBalance": "500", "groupBalance": "20",
            "organizationDetails": [ { "organizationNumber": "{{Organization}}", "organizationName": "Contoso GmbH", "validationFor": "2" }, { "organizationNumber": "7654322", "organizationName": "Fabrikam Ltd", "validationFor": "1" } ] },
          { "groupNumber": "2345678903", "groupName": "Empty", "isDefaultGroup": "0", "finance": "1" }
        ]
        """);

    public JArray Domains { get; set; } = JArray.Parse("""
        [
          { "domainName": "proved.contoso.com", "organizationName": "Contoso GmbH", "organizationNumber": "7654321", "dcvMethod": "1", "dcvStatus": "1", "createdDate": "2024-01-02 10:05:13", "expiryDate": "2099-01-02 10:05:13", "status": "1" },
          { "domainName": "old.contoso.com", "organizationName": "Contoso GmbH", "organizationNumber": "7654321", "dcvMethod": "3", "dcvStatus": "0", "createdDate": "2024-01-02 10:05:13", "expiryDate": "", "status": "1" }
        ]
        """);

    public JArray Products { get; set; } = JArray.Parse("""
        [
          { "categoryName": "SSL/TLS Certificates", "categoryID": "3", "currencyType": "USD", "products": [
            { "productCode": "842", "productName": "emSign DV SSL", "productTypeID": "1", "price": "30.00" },
            { "productCode": "843", "productName": "emSign DV SSL Wildcard", "productTypeID": "1", "price": "90.00" },
            { "productCode": "844", "productName": "emSign DV SSL UCC", "productTypeID": "1", "price": "60.00" },
            { "productCode": "846", "productName": "emSign OV SSL", "productTypeID": "2", "price": "80.00" },
            { "productCode": "850", "productName": "emSign EV SSL", "productTypeID": "3", "price": 160 } ] },
          { "categoryName": "Signature Certificates", "categoryID": "5", "currencyType": "USD", "products": [ { "productCode": "914", "productName": "Document Signer", "productTypeID": "9" } ] }
        ]
        """);

    public void Fail(string call, params EmSignFault[] faults)
    {
        lock (_gate)
        {
            Queue<EmSignFault> queue = _faults.TryGetValue(call, out Queue<EmSignFault>? known) ? known : _faults[call] = new Queue<EmSignFault>();
            foreach (EmSignFault fault in faults)
            {
                queue.Enqueue(fault);
            }
        }
    }

    /// <summary>Puts an order into the book that nobody has placed here.</summary>
    public EmSignSold Add(string commonName, bool isIssued = true, string product = "842", DateTimeOffset? orderedAt = null, string? tag = null, bool isDraft = false)
    {
        EmSignSold order = new() { RequestNumber = NextNumber(), OrderNumber = isDraft ? "" : NextNumber(), Product = product, OrderedAt = orderedAt ?? _clock.UtcNow.AddDays(-10), Tag = tag, IsSigned = true };
        order.Domains.Add(new EmSignDomain(commonName) { Status = isIssued ? 1 : 0 });
        order.Csr = Csr(commonName);
        if (isIssued)
        {
            Issue(order, order.OrderedAt);
        }

        lock (_gate)
        {
            Orders.Add(order);
        }

        return order;
    }

    /// <summary>Issues another certificate for the order, as emSign does by itself within a subscription.</summary>
    public void Issue(EmSignSold order, DateTimeOffset at)
    {
        order.End = at.AddDays(CertificateDays);
        byte[] der = TestPki.Issue(new CertificateRequestTools().ReadStored(order.Csr!, order.OrderNumber), TestPki.Intermediate, at.AddHours(-1), order.End.Value);
        order.Certificates.Add(der);
        order.Serial = new CertificateTools().Parse(der).SerialNumber;
    }

    /// <summary>Somebody follows the link in the mails.</summary>
    public void AnswerMails()
    {
        foreach (EmSignDomain domain in Orders.SelectMany(o => o.Domains).Where(d => d.Mails.Count > 0))
        {
            domain.Status = 1;
        }
    }

    public void Dispose() => _http.Dispose();

    private static byte[] Csr(string name) => new CertificateRequestTools().Create(TestPki.Key("ECDSA P-256"), [DomainName.Parse(name)], null, SignatureHash.SHA256);

    private HttpAnswer Answer(HttpCall call)
    {
        lock (_gate)
        {
            string path = call.Target.Split('?')[0];
            string name = path.StartsWith(Base, StringComparison.Ordinal) ? path.Substring(Base.Length) : "";
            Calls.Add(name.Length == 0 ? path : name);
            if (!EmSignSchema.Knows(name))
            {
                if (name.Length > 0)
                {
                    Violations.Add($"{call.Method} {path} is no call of the API");
                }

                return new HttpAnswer(404).With("Content-Type", "application/json").WithBody($$"""{"timestamp":"2026-01-01T00:00:00.000+00:00","status":404,"error":"Not Found","path":"{{path}}"}""");
            }

            EmSignFault? fault = _faults.TryGetValue(name, out Queue<EmSignFault>? queue) && queue.Count > 0 ? queue.Dequeue() : null;
            if (fault is { Status: not 200 })
            {
                return new HttpAnswer(fault.Status).With("Retry-After", fault.RetryAfter).With("Location", fault.Status is 301 or 302 ? "http://127.0.0.1:1/elsewhere" : null).WithBody(fault.Body ?? "<html>no</html>");
            }

            if (fault is { IsBeforeWork: true })
            {
                return HttpAnswer.Drop();
            }

            string transaction = "";
            JObject answer;
            try
            {
                JObject message = Read(call, name, out transaction);
                if (fault is { Code: > 0 })
                {
                    throw new Refusal(fault.Code, "");
                }

                answer = Work(name, message);
                answer.AddFirst(new JProperty("meta", Meta(transaction, null, "")));
            }
            catch (Refusal refusal)
            {
                answer = new JObject { ["meta"] = Meta(transaction, refusal.Code, refusal.Message) };
                if (FailureBlock != "absent")
                {
                    foreach (string block in new[] { "orderDetails", "certificateDetails", "dcvDetails" })
                    {
                        answer[block] = FailureBlock == "null" ? JValue.CreateNull() : "";
                    }
                }
            }

            HttpAnswer http = new HttpAnswer(200).With("Content-Type", "application/json;charset=UTF-8").WithBody(fault?.Body ?? answer.ToString(Formatting.None));
            http.Cut = fault?.Cut ?? ConnectionCut.None;
            return http;
        }
    }

    private JObject Meta(string transaction, int? code, string message) => new()
    {
        ["ver"] = "1.0",
        ["ts"] = (_clock.UtcNow + Skew).ToOffset(new TimeSpan(5, 30, 0)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
        ["txn"] = transaction,
        ["status"] = code is null ? "1" : "0",
        ["errorCode"] = code is null ? "" : FormattableString.Invariant($"EMS-{code}"),
        ["errorMessage"] = message,
    };

    private JObject Read(HttpCall call, string name, out string transaction)
    {
        transaction = "";
        if (call.Method != "POST" || call.Field("Content-Type")?.StartsWith("application/json", StringComparison.Ordinal) != true)
        {
            throw Violation($"{call.Method} {name} as '{call.Field("Content-Type")}'", 901);
        }

        JObject message;
        using (JsonTextReader reader = new(new System.IO.StringReader(Encoding.UTF8.GetString(call.Body))) { DateParseHandling = DateParseHandling.None })
        {
            message = JObject.Load(reader);
        }

        if (EmSignSchema.FindProblem(name, message) is string problem)
        {
            throw Violation(problem, 901);
        }

        JObject meta = (JObject)message["meta"]!;
        transaction = (string)meta["txn"]!;
        string stamp = (string)meta["ts"]!;
        if ((string)meta["ver"]! != "1.0")
        {
            throw Violation("version", 911);
        }

        if (!TransactionForm.IsMatch(transaction))
        {
            throw Violation($"the transaction id '{transaction}'", 909);
        }

        if (!StampForm.IsMatch(stamp))
        {
            throw Violation($"the time stamp '{stamp}'", 910);
        }

        if ((DateTimeOffset.Parse(stamp, CultureInfo.InvariantCulture) - _clock.UtcNow - Skew).Duration() > TimeSpan.FromMinutes(15))
        {
            throw new Refusal(910, "Invalid Request TS");
        }

        if ((string)meta["accountNumber"]! is not (AccountNumber or OtherAccountNumber))
        {
            throw new Refusal(913, "Invalid Account Number");
        }

#pragma warning disable CA1308 // what the API compares with
        string digest = Hashes.ToHex(Hashes.Sha256(Encoding.UTF8.GetBytes(Key + stamp + transaction))).ToLowerInvariant();
#pragma warning restore CA1308
        if ((string)meta["authKey"]! != digest)
        {
            throw new Refusal(1065, "Invalid Auth Key");
        }

        if (!_transactions.Add(transaction))
        {
            throw Violation("a transaction id was used twice", 947);
        }

        if (EmSignSchema.Block(name) is string block)
        {
            Messages.Add((name, (JObject)message[block]!));
            return (JObject)message[block]!;
        }

        return [];
    }

    private JObject Work(string name, JObject m) => name switch
    {
        "ValidateCredentials" => [],
        "GetGroupDetails" => new JObject { ["accountDetails"] = new JObject { ["fullName"] = "Ada Berg", ["email"] = "admin@contoso.com", ["roleId"] = "1", ["groups"] = Groups.DeepClone() } },
        "GetOrganizationDetails" => GetOrganization(m),
        "GetDomainDetails" => new JObject { ["domainDetails"] = Domains.Count == 1 ? Domains[0].DeepClone() : Domains.DeepClone() },
        "GetProductDetails" => new JObject { ["productDetails"] = m["groupNumber"] is null ? new JArray() : Products.DeepClone() },
        "GenerateOrderSSL" => Generate(m),
        "SubmitCSR" => Submit(m),
        "AgreementAcceptance" => Sign(m),
        "TrackOrder" => new JObject { ["orderDetails"] = Track(Find(m)) },
        "GetDcv" => GetDcv(m),
        "VerifyDcv" => Verify(m),
        "GetCertificate" => Download(Find(m)),
        "RevokeOrder" => Revoke(m),
        "RejectOrder" or "RejectRequest" => Reject(m),
        _ => Report(m),
    };

    private JObject GetOrganization(JObject m)
    {
        string number = (string)m["organizationNumber"]!;
        bool isIn = Groups.Any(g => (string?)g["groupNumber"] == (string?)m["groupNumber"] && (g["organizationDetails"] ?? new JArray()).Any(o => (string?)o["organizationNumber"] == number));
        return isIn
            ? new JObject
            {
                ["organizationDetails"] = new JObject
                {
                    ["organizationNumber"] = number,
                    ["prevettingToken"] = "token-" + number,
                    ["organizationName"] = number == Organization ? "Contoso GmbH" : "Fabrikam Ltd",
                    ["organizationCountryCode"] = "DE",
                    ["organizationLocality"] = "Berlin",
                    ["organizationStatusId"] = "1",
                    ["validationStatusId"] = number == Organization ? "1" : "0",
                    ["validationFor"] = number == Organization ? "2" : "1",
                    ["orgRepresentatives"] = new JArray(new JObject { ["representativeNumber"] = "31", ["name"] = "Ada Berg" }),
                },
            }
            : throw new Refusal(1075, "Invalid Organization Number");
    }

    private JObject Generate(JObject m)
    {
        string code = (string)m["productCode"]!;
        JToken product = Products.SelectMany(c => c["products"]!).FirstOrDefault(p => (string?)p["productCode"] == code) ?? throw new Refusal(1162, "Invalid Product Code");
        string name = (string)product["productName"]!;
        string? group = (string?)m["groupNumber"] ?? (string?)m["delegationInformation"]?["groupNumber"];
        if (group is not null && Groups.All(g => (string?)g["groupNumber"] != group))
        {
            throw new Refusal(1073, "Invalid Group Number");
        }

        JObject certificate = (JObject)m["certificateInformation"]!;
        string domain = (string)certificate["domainName"]!;
        bool isWildcard = name.Contains("Wildcard", StringComparison.Ordinal);
        if (isWildcard != domain.StartsWith("*.", StringComparison.Ordinal))
        {
            throw new Refusal(isWildcard ? 1059 : 1058, "Wildcard");
        }

        JToken? organization = m["organizationDetails"];
        bool isVetted = (string?)organization?["preVetting"] == "1";
        if (isVetted && (string?)organization!["organizationNumber"] is not (Organization or "7654322"))
        {
            throw new Refusal(1075, "Invalid Organization Number");
        }

        if (organization is null && (name.Contains("OV", StringComparison.Ordinal) || name.Contains("EV", StringComparison.Ordinal)))
        {
            throw new Refusal(1180, "Organization details are required");
        }

        bool isSigned = m["agreementDetails"] is JObject agreement && CheckAgreement(agreement);
        if (!isSigned && !isVetted)
        {
            throw new Refusal(1084, "Agreement details are required");
        }

        List<string> more = [.. (certificate["additionalDomains"] ?? certificate["additionalDomainNames"] ?? new JArray()).Select(d => (string)d!)];
        if (more.Count > 0 && !name.Contains("UCC", StringComparison.Ordinal))
        {
            throw new Refusal(1171, "Additional domains");
        }

        if ((string?)certificate["autoSecureWWW"] == "1")
        {
            more.Add(domain.StartsWith("www.", StringComparison.Ordinal) ? domain.Substring(4) : "www." + domain);
        }

        if ((string?)m["subscriptionDetails"]?["validity"] is not ("1" or "2" or "3"))
        {
            throw Violation("the validity", 1216);
        }

        EmSignSold order = new()
        {
            RequestNumber = NextNumber(),
            OrderNumber = (string)m["saveAndHold"]! == "1" ? "" : NextNumber(),
            Product = code,
            Group = group ?? Group,
            Tag = (string?)m["additionalInformation"]!["tags"]?[0],
            Organization = isVetted ? "Contoso GmbH" : (string?)certificate["organizationName"] ?? "",
            OrderedAt = _clock.UtcNow,
            Years = int.Parse((string)m["subscriptionDetails"]!["validity"]!, CultureInfo.InvariantCulture),
            Email = (string)m["requestorInformation"]!["requestorEmail"]!,
            IsSigned = isSigned && !DropsSignatures,
            NeedsVetting = organization is not null && (!isVetted || (string?)organization["organizationNumber"] != Organization),
            Hidden = HiddenDomains,
        };
        if (m["csr"] is JValue csr && !DropsRequests)
        {
            order.Csr = ReadCsr((string)csr!, [domain, .. more]);
        }

        foreach (string one in new[] { domain }.Concat(more))
        {
            order.Domains.Add(new EmSignDomain(one) { Status = Domains.Any(d => (string?)d["domainName"] == one && (string?)d["dcvStatus"] == "1") ? 1 : 0 });
        }

        Orders.Add(order);
        Ledger.Add((order.OrderNumber, order.Tag));
        return new JObject { ["orderDetails"] = new JObject { ["requestNumber"] = order.RequestNumber, ["orderNumber"] = order.OrderNumber, ["trackingURL"] = "https://portal.example/" + order.OrderNumber } };
    }

    private static bool CheckAgreement(JObject agreement) => (string)agreement["acceptAgreement"]! != "1" ? throw new Refusal(1085, "Agreement")
        : IPAddress.TryParse((string)agreement["signerIP"]!, out IPAddress? ip) && !IPAddress.IsLoopback(ip) ? true
        : throw new Refusal(1091, "Invalid signer IP");

    private JObject Submit(JObject m)
    {
        EmSignSold order = Find(m);
        order.Csr = order.Csr is null ? ReadCsr((string)m["csr"]!, [.. order.Domains.Select(d => d.Name)]) : throw new Refusal(1068, "CSR already submitted");
        return [];
    }

    private JObject Sign(JObject m)
    {
        EmSignSold order = Find(m);
        order.IsSigned = order.IsSigned ? throw new Refusal(1082, "Agreement already signed") : CheckAgreement(m);
        return [];
    }

    private byte[] ReadCsr(string pem, IReadOnlyList<string> names)
    {
        CertificateRequestContent csr;
        try
        {
            csr = new CertificateRequestTools().Read(Encoding.ASCII.GetBytes(pem), "the message");
        }
        catch (KeyManagerException)
        {
            throw new Refusal(952, "Invalid CSR");
        }

        return csr.DomainNames[0].Ascii == names[0] ? csr.Der : throw new Refusal(1056, "CN mismatch");
    }

    private JObject Track(EmSignSold order)
    {
        bool isIssued = IsIssued(order);
        int certificate = order.Ended != 0 ? order.Ended : order.IsRevoked ? 22 : isIssued ? order.End <= _clock.UtcNow ? 12 : order.IsDownloaded ? 9 : 20
            : order.Csr is null ? 1 : order.NeedsVetting ? 16 : order.Waiting;
        JObject domains = [];
        foreach (EmSignDomain domain in order.Domains)
        {
            domains[domain.Name] = new JObject { ["dcvMethod"] = domain.Method, ["dcvStatus"] = Text(domain.Status), ["status"] = "1", ["caaStatus"] = Text(domain.Caa) };
        }

        domains["status"] = order.Domains.TrueForAll(d => d.Status == 1) ? "1" : "0";
        domains["note"] = new JArray("of another kind");
        return new JObject
        {
            ["trackingUrl"] = "https://portal.example/" + order.OrderNumber,
            ["orderStatusId"] = Text(OrderStatus(order, isIssued)),
            ["orderStatus"] = "Order " + Text(OrderStatus(order, isIssued)),
            ["certificateStatusId"] = Text(certificate),
            ["certificateStatus"] = "Certificate " + Text(certificate),
            ["requestorInformation"] = new JObject { ["requestorName"] = "Ada Berg", ["requestorEmail"] = order.Email, ["requestorIsdCode"] = "49", ["requestorMobileNumber"] = "301234" },
            ["subscriberAgreement"] = new JObject { ["status"] = order.IsSigned ? "1" : "0" },
            ["domainVerification"] = order.Hidden-- > 0 ? null : domains,
            ["csr"] = order.Csr is null ? "0" : "1",
            ["interimDvIssued"] = order.IsInterim ? "1" : "0",
            ["revocationDetails"] = order.RevokeStatus == 0 ? null : new JObject { ["revokeRequestStatusId"] = Text(order.RevokeStatus) },
        };
    }

    private bool IsIssued(EmSignSold order)
    {
        if (order.Certificates.Count == 0 && order.Ended == 0 && order.Csr is not null && (order.IsSigned || order.Organization.Length > 0) && !order.NeedsVetting && order.Waiting is 24 or 15
            && order.Domains.TrueForAll(d => d.Status == 1 && d.Caa != 2))
        {
            Issue(order, _clock.UtcNow);
        }

        return order.Certificates.Count > 0;
    }

    private static int OrderStatus(EmSignSold order, bool isIssued) => order.Ended == 13 ? 5 : order.Ended != 0 ? 4 : order.OrderNumber.Length == 0 ? 7 : isIssued ? 6 : 2;

    private JObject GetDcv(JObject m)
    {
        EmSignSold order = Find(m);
        EmSignDomain domain = order.Domains.Find(d => d.Name == (string)m["domainName"]!) ?? throw new Refusal(1157, "Invalid domain");
        if (NotReady-- > 0)
        {
            throw new Refusal(956, "Invalid Request for this API");
        }

        if (domain.Status == 1)
        {
            throw new Refusal(1080, "Domain already verified");
        }

        string method = (string)m["dcvMethod"]!;
        if (method == "2" && (domain.Name.StartsWith("*.", StringComparison.Ordinal) || Messages.Any(c => c.Call == "GenerateOrderSSL" && (string?)c.Block["certificateInformation"]!["autoSecureWWW"] == "1" && c.Block["certificateInformation"]!["domainName"]!.ToString() == order.Domains[0].Name)))
        {
            throw new Refusal(1106, "File DCV not possible");
        }

        domain.Method = method switch { "1" => "DNS TXT Record", "2" => "HTTP File", "3" => "Email based verification", _ => throw Violation("the method", 1158) };
        domain.Token = "tok" + domain.Name.Length + order.OrderNumber;
        return new JObject
        {
            ["dcvDetails"] = method switch
            {
                "1" => new JObject { ["token"] = domain.Token },
                "2" => new JObject { ["fileName"] = "f" + order.OrderNumber, ["fileContent"] = domain.Token },
                _ => new JObject { ["dcvEmails"] = new JArray(new[] { "admin", "administrator", "webmaster", "hostmaster", "postmaster" }.Select(p => $"{p}@{domain.Base}")) },
            },
        };
    }

    private JObject Verify(JObject m)
    {
        EmSignSold order = Find(m);
        EmSignDomain domain = order.Domains.Find(d => d.Name == (string)m["domainName"]!) ?? throw new Refusal(1157, "Invalid domain");
        if (domain.Status == 1)
        {
            throw new Refusal(1080, "Domain already verified");
        }

        string place = $"{domain.Base}/.well-known/pki-validation/f{order.OrderNumber}.txt";
        switch ((string)m["dcvMethod"]!)
        {
            case "3":
                domain.Mails.Add((string?)m["dcvEmail"] ?? throw Violation("no address", 1159));
                return [];
            case "1" when !World.Texts(string.Format(CultureInfo.InvariantCulture, RecordName, domain.Base)).Contains(domain.Token ?? "-"):
                throw new Refusal(1077, "No valid TXT");
            case "2" when !new[] { "http://", "https://" }.Any(s => World.Fetch(s + place) is byte[] file && file.SequenceEqual(Encoding.ASCII.GetBytes(domain.Token ?? "-"))):
                throw new Refusal(1078, "No record");
        }

        (domain.Status, domain.Caa) = (1, domain.Caa == 2 ? 2 : 1);
        return [];
    }

    private JObject Download(EmSignSold order)
    {
        if (!IsIssued(order) && !order.IsInterim)
        {
            throw new Refusal(946, "Still being processed");
        }

        bool isEmpty = EmptyDownloads-- > 0;
        byte[] leaf = order.Certificates.Count > 0 ? order.Certificates[order.Certificates.Count - 1] : TestPki.Issue(new CertificateRequestTools().ReadStored(order.Csr!, order.OrderNumber), TestPki.Intermediate, _clock.UtcNow, _clock.UtcNow.AddDays(30));
        order.IsDownloaded |= !isEmpty;
        return new JObject
        {
            ["certificateDetails"] = new JObject
            {
                ["rootCertificate"] = Pem(TestPki.Root.Der),
                ["caCertificate"] = "",
                ["subCACertificate"] = Pem(TestPki.Intermediate.Der),
                ["endEntityCertificate"] = isEmpty ? "" : Pem(leaf),
                [SerialMember] = order.Serial,
                ["expiryDate"] = Date(order.End),
                ["interimDv"] = order.IsInterim ? "1" : "0",
            },
        };
    }

    private JObject Revoke(JObject m)
    {
        EmSignSold order = Find(m);
        if ((string)m["revokeReasonId"]! is not ("1" or "3" or "4" or "5" or "9"))
        {
            throw Violation("the reason", 970);
        }

        if (((string)m["revokeRemarks"]!).Contains(';'))
        {
            throw Violation("a semicolon in the remarks", 971);
        }

        if (order.RevokeStatus is 2 or 5)
        {
            throw new Refusal(973, "Already revoked");
        }

        if (order.RevokeStatus is 1 or 4)
        {
            throw new Refusal(972, "Already initiated");
        }

        order.RevokeStatus = FirstRevokeStatus;
        order.IsRevoked = FirstRevokeStatus is 2 or 5;
        return [];
    }

    private JObject Reject(JObject m)
    {
        EmSignSold order = m["requestNumber"] is JValue number ? Orders.Find(o => o.RequestNumber == (string)number!) ?? throw new Refusal(1005, "Invalid request number") : Find(m);
        if (order.Ended == 13)
        {
            throw new Refusal(985, "This Order was already cancelled");
        }

        if (order.Certificates.Count > 0)
        {
            throw new Refusal(987, "Certificate generated");
        }

        order.Ended = 13;
        return [];
    }

    private JObject Report(JObject m)
    {
        if ((m["orderDateFrom"] is null) != (m["orderDateTill"] is null))
        {
            throw Violation("one bound without the other", 1108);
        }

        int page = int.Parse((string?)m["pageNumber"] ?? "1", CultureInfo.InvariantCulture);
        int size = int.Parse((string?)m["pageSize"] ?? "100", CultureInfo.InvariantCulture);
        DateTimeOffset from = m["orderDateFrom"] is JValue f ? DateTimeOffset.Parse((string)f!, CultureInfo.InvariantCulture) : DateTimeOffset.MinValue;
        DateTimeOffset till = m["orderDateTill"] is JValue t ? DateTimeOffset.Parse((string)t!, CultureInfo.InvariantCulture) : DateTimeOffset.MaxValue;
        List<EmSignSold> found =
        [
            .. Enumerable.Reverse(Orders).Where(o => o.OrderedAt >= from && o.OrderedAt <= till
                && (m["domainName"] is null || o.Domains[0].Name == (string?)m["domainName"]) && (m["orderNumber"] is null || o.OrderNumber == (string?)m["orderNumber"])
                && (m["requestNumber"] is null || o.RequestNumber == (string?)m["requestNumber"])),
        ];
        if (found.Count == 0 && AnswersEmptyListsWithRefusal)
        {
            throw new Refusal(1116, "No orders found");
        }

        int pages = (found.Count + size - 1) / size;
        return new JObject
        {
            ["orderDetails"] = new JObject
            {
                ["pageSize"] = CountersAsText ? Text(size) : size,
                ["currentPage"] = Text(page),
                ["totalNoOfResults"] = CountersAsText ? Text(found.Count) : found.Count,
                ["noOfPages"] = CountersAsText ? Text(pages) : pages,
                ["ordersArray"] = new JArray(found.Skip((page - 1) * size).Take(size).Select(Row)),
            },
        };
    }

    private JObject Row(EmSignSold order)
    {
        JObject tracked = Track(order);
        return new JObject
        {
            ["orderNumber"] = order.OrderNumber,
            ["requestNumber"] = order.RequestNumber,
            ["productCode"] = order.Product,
            ["groupNumber"] = order.Group,
            ["certificateStatusId"] = tracked["certificateStatusId"],
            ["certificateStatus"] = tracked["certificateStatus"],
            ["orderStatusId"] = tracked["orderStatusId"],
            ["orderStatus"] = tracked["orderStatus"],
            ["orderDate"] = Date(order.OrderedAt),
            ["organizationName"] = order.Organization,
            ["domainName"] = order.Domains[0].Name,
            ["certificateSerialNumber"] = order.Serial,
            ["certificateExpiryDate"] = Date(order.End),
            ["tags"] = DropsTags || order.Tag is null ? new JArray() : new JArray(order.Tag),
        };
    }

    private EmSignSold Find(JObject m) => Orders.Find(o => o.OrderNumber.Length > 0 && o.OrderNumber == (string)m["orderNumber"]!) ?? throw new Refusal(1040, "Invalid Order Number");

    private Refusal Violation(string what, int code)
    {
        Violations.Add(what);
        return new Refusal(code, what);
    }

    private string NextNumber() => (++_number).ToString(CultureInfo.InvariantCulture);

    private static string Pem(byte[] der) => Encoding.ASCII.GetString(new CertificateTools().ToPem([der]));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Date(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";

#pragma warning disable CA1032, CA1064 // goes no farther than this class
    private sealed class Refusal(int code, string message) : Exception(message)
    {
        public int Code { get; } = code;
    }
#pragma warning restore CA1032, CA1064
}
