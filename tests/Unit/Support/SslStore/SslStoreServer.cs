using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using KeyManager.Providers.Keys;
using KeyManager.Tests.Support.Acme;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Tests.Support.SslStore;

/// <summary>
/// The SSL Store on the loopback, as far as its API is documented. Strict: an unknown call or member, a wrong type, a missing credential is a violation. It keeps a ledger of what was
/// paid, looks for proofs itself each time that it is asked, and issues real certificates from a throwaway authority.
/// </summary>
internal sealed class SslStoreServer : IDisposable
{
    public const string PartnerCode = "12345678";
    public const string Token = "canary-token-7f3a91";

    private readonly object _gate = new();
    private readonly Clock _clock;
    private readonly LoopbackHttpServer _http;
    private readonly Dictionary<string, Queue<SslStoreFault>> _faults = [];
    private int _number = 7_000_000;

    public SslStoreServer(Clock clock, IProofWorld world)
    {
        _clock = clock;
        World = world;
        _http = new LoopbackHttpServer(Answer);
    }

    public IProofWorld World { get; set; }

    public string Url => $"http://{_http.Authority}/rest/";

    public List<SoldOrder> Orders { get; } = [];

    /// <summary>What was paid: the call, our reference, the sum.</summary>
    public List<(string Call, string Reference, decimal Amount)> Ledger { get; } = [];

    public List<string> Violations { get; } = [];

    /// <summary>Every call, in order.</summary>
    public List<string> Calls { get; } = [];

    public SslStoreManners Manners { get; } = new();

    public JArray Catalogue { get; set; } = SslStoreCatalogue.Make();

    /// <summary>The form of certificate requests that it reads: pem, url, line.</summary>
    public string CsrForm { get; set; } = "pem";

    /// <summary>How many downloads have no certificate in them although the order is Active.</summary>
    public int EmptyDownloads { get; set; }

    /// <summary>Downloads after a reissue still have the old certificate in them, too or alone.</summary>
    public bool ServesOldCertificates { get; set; }

    /// <summary>Days that a certificate lives.</summary>
    public int CertificateDays { get; set; } = 199;

    public bool ApprovesRefundsAtOnce { get; set; }

    public bool RefusesRefunds { get; set; }

    public List<string> Approvers { get; } = ["admin@contoso.com", "hostmaster@contoso.com", "support@geotrust.com"];

    public void Fail(string call, params SslStoreFault[] faults)
    {
        lock (_gate)
        {
            Queue<SslStoreFault> queue = _faults.TryGetValue(call, out Queue<SslStoreFault>? known) ? known : _faults[call] = new Queue<SslStoreFault>();
            foreach (SslStoreFault fault in faults)
            {
                queue.Enqueue(fault);
            }
        }
    }

    /// <summary>Puts an order into the book that nobody has placed here.</summary>
    public SoldOrder Add(string commonName, string major = "Active", string product = "positivessl", DateTimeOffset? boughtAt = null, bool isIssued = true, string? reference = null, string vendor = "COMODO")
    {
        SoldOrder order = new()
        {
            Id = NextId(),
            PartnerOrderId = NextId(),
            Product = product,
            Vendor = vendor,
            Reference = reference,
            CommonName = commonName,
            BoughtAt = boughtAt ?? _clock.UtcNow.AddDays(-10),
            Major = major,
        };
        lock (_gate)
        {
            Orders.Add(order);
        }

        if (isIssued && major is "Active" or "Cancelled" or "Expired")
        {
            order.Csr = new CertificateRequestTools().Create(TestPki.Key("ECDSA P-256"), [DomainName.Parse(commonName)], null, SignatureHash.SHA256);
            Issue(order, order.BoughtAt);
        }
        else if (major == "Pending")
        {
            Prove(order);
        }

        order.Major = major;
        return order;
    }

    /// <summary>Somebody follows the link in the mail.</summary>
    public void ApproveMail(SoldOrder order, string domain) => order.Proofs.Single(p => p.Domain == domain).IsDone = true;

    public void Dispose() => _http.Dispose();

    private HttpAnswer Answer(HttpCall call)
    {
        lock (_gate)
        {
            string path = call.Target.Split('?')[0];
            path = path.StartsWith("/rest/", StringComparison.Ordinal) ? path.Substring(6).TrimEnd('/') : path;
            Calls.Add(path);
            try
            {
                return Answer(call, path);
            }
            catch (ApiRefusal refusal)
            {
                return Refuse(path, refusal.Message);
            }
        }
    }

    private HttpAnswer Answer(HttpCall call, string path)
    {
        SslStoreFault? fault = _faults.TryGetValue(path, out Queue<SslStoreFault>? queue) && queue.Count > 0 ? queue.Dequeue() : null;
        if (fault is { Status: not 200 })
        {
            return new HttpAnswer(fault.Status).With("Retry-After", fault.RetryAfter).With("Location", fault.Status is 301 or 302 ? "http://127.0.0.1:1/elsewhere" : null).WithBody("<html>no</html>");
        }

        if (fault is { IsBeforeWork: true })
        {
            return HttpAnswer.Drop();
        }

        if (fault?.Error is string error)
        {
            return Refuse(path, error);
        }

        JToken answer = Work(call, path);
        string text = fault?.Body ?? answer.ToString(Formatting.None);
        HttpAnswer http = new HttpAnswer(200).With("Content-Type", "application/json; charset=utf-8").WithBody(text);
        http.Cut = fault?.Cut ?? ConnectionCut.None;
        return http;
    }

    private JToken Work(HttpCall call, string path)
    {
        if (call.Method != "POST" || !SslStoreSchema.Knows(path))
        {
            throw Violation($"{call.Method} {path} is no call of the API");
        }

        if (call.Field("Content-Type")?.Replace(" ", "") != "application/json;charset=utf-8")
        {
            throw Violation($"Content-Type is '{call.Field("Content-Type")}'");
        }

        JObject message;
        using (JsonTextReader reader = new(new System.IO.StringReader(Encoding.UTF8.GetString(call.Body))) { DateParseHandling = DateParseHandling.None })
        {
            message = JObject.Load(reader);
        }

        bool atRoot = path == "health/validate";
        if (SslStoreSchema.FindProblem(path, message, !atRoot) is string problem)
        {
            throw Violation(problem);
        }

        JObject credentials = atRoot ? message : (JObject)message["AuthRequest"]!;
        Manners.ReplayToken = (string?)credentials["ReplayToken"] ?? "";
        return (string?)credentials["PartnerCode"] == PartnerCode && (string?)credentials["AuthToken"] == Token
            ? Work(path, message)
            : throw new ApiRefusal("ErrorCode:-9008|Message:Token/Authentication failure");
    }

    private JToken Work(string path, JObject message) => path switch
    {
        "health/validate" => Manners.Outcome(false, []),
        "product/query" => new JArray(Catalogue.Cast<JObject>().Select(p =>
        {
            JObject product = (JObject)p.DeepClone();
            product["AuthResponse"] = Manners.Outcome(false, []);
            return product;
        })),
        "csr" => With(new JObject { ["DomainName"] = ReadCsr(message).DomainNames[0].Ascii, ["isValidDomainName"] = true }),
        "order/approverlist" => With(new JObject { ["ApproverEmailList"] = new JArray(Approvers), ["baseDomainName"] = "contoso.com" }),
        "order/validate" => Validate(message),
        "order/neworder" => New(message),
        "order/status" => Look(Find(message)).ToJson(Manners),
        "order/query" => Query(message),
        "order/resend" or "order/changeapproveremail" => Mail(path, message),
        "digicert/checkdcv" => With(Find(message) is null ? [] : new JObject()),
        "order/reissue" => Reissue(message),
        "order/refundrequest" => Refund(Find(message), (string?)message["RefundRequestID"]),
        "order/refundstatus" => Look(Find(message)).ToJson(Manners),
        "order/certificaterevokerequest" => Revoke(Find(message), (string?)message["SerialNumber"]),
        _ => Download(Find(message)),
    };

    private JToken Validate(JObject message)
    {
        _ = ReadCsr(message);
        _ = Price(message);
        return Manners.Outcome(false, []);
    }

    private JObject New(JObject message)
    {
        CertificateRequestContent csr = ReadCsr(message);
        JObject product = Price(message);
        string reference = (string)message["CustomOrderID"]!;
        if (Orders.Exists(o => o.Reference == reference))
        {
            throw Violation($"the reference {reference} was used before");
        }

        bool[] indicators = [.. new[] { "FileAuthDVIndicator", "HTTPSFileAuthDVIndicator", "CNAMEAuthDVIndicator" }.Select(n => (bool?)message[n] == true)];
        if (indicators.Count(i => i) > 1)
        {
            throw Violation("more than one way of proof");
        }

        List<string> names = [.. message["DNSNames"]!.Select(n => (string)n!)];
        bool isOrganization = (bool?)product["isOVProduct"] == true || (bool?)product["isEVProduct"] == true;
        if (isOrganization && message["OrganizationInfo"] is not JObject && message["TSSOrganizationId"] is null)
        {
            throw Violation("no organization for an OV or EV product");
        }

        if (message["OrganizationInfo"] is JObject info && ((string)info["OrganizationAddress"]!["Country"]!).Length != 2)
        {
            throw new ApiRefusal("ErrorCode:-9009|Message:Vendor returns error: country is no ISO code");
        }

        List<string> wanted = [(string)message["DomainName"]!, .. names];
        if ((bool?)message["AutoWWW"] == true)
        {
            wanted.Add(csr.DomainNames.First(n => !wanted.Contains(n.Ascii)).Ascii);
        }

        if (!csr.DomainNames.Select(n => n.Ascii).All(n => wanted.Contains(n) || wanted.Contains("*." + n)))
        {
            throw Violation($"the request is for {string.Join(", ", csr.DomainNames)}, the order for {string.Join(", ", wanted)}");
        }

        if ((bool)message["isRenewalOrder"]! != ((string?)message["RelatedTheSSLStoreOrderID"] is { Length: > 0 }))
        {
            throw Violation("a renewal names the order that it renews, and nothing else does");
        }

        SoldOrder order = new()
        {
            Id = NextId(),
            PartnerOrderId = NextId(),
            Reference = reference,
            Product = (string)product["ProductCode"]!,
            Vendor = (string)product["VendorName"]!,
            CommonName = (string)message["DomainName"]!,
            MoreNames = [.. wanted.Skip(1)],
            Months = (int)message["ValidityPeriod"]!,
            BoughtAt = _clock.UtcNow,
            Method = indicators[0] ? "Http" : indicators[1] ? "Https" : indicators[2] ? (string)product["VendorName"]! == "DIGICERT" ? "Txt" : "Cname" : "Email",
            Approvers = [.. ((string)message["ApproverEmail"]!).Split(',')],
            Csr = csr.Der,
            NeedsVetting = isOrganization,
            AdminEmail = (string)message["AdminContact"]!["Email"]!,
        };
        Prove(order);
        Orders.Add(order);
        Ledger.Add(("order/neworder", reference, (decimal)product["PricingInfo"]![0]!["Price"]!));
        return order.ToJson(Manners);
    }

    private JObject Reissue(JObject message)
    {
        SoldOrder order = Find(message);
        if (order.Major != "Active" || order.Minor == "PENDING_REISSUE")
        {
            throw new ApiRefusal("ErrorCode:-9009|Message:The order cannot be reissued in its present status");
        }

        if ((string?)message["ReissueEmail"] != order.AdminEmail)
        {
            throw new ApiRefusal("ErrorCode:-9009|Message:Reissue email does not match the admin contact");
        }

        List<string> added = [.. message["AddSAN"]!.Select(c => (string)c["NewValue"]!)];
        List<string> removed = [.. message["DeleteSAN"]!.Select(c => (string)c["OldValue"]!)];
        foreach (string name in removed)
        {
            _ = order.MoreNames.Remove(name) ? true : throw Violation($"{name} is not in the order");
        }

        order.MoreNames.AddRange(added);
        if (!order.MoreNames.ToHashSet().IsSupersetOf(message["DNSNames"]!.Select(n => (string)n!)))
        {
            throw Violation("DNSNames are not what comes of the changes");
        }

        if (added.Count > 0)
        {
            Ledger.Add(("order/reissue", order.Reference ?? order.Id, 10 * added.Count));
        }

        order.PartnerOrderId = NextId();
        order.Minor = "PENDING_REISSUE";
        order.Csr = ReadCsr(message).Der;
        order.Method = (bool?)message["FileAuthDVIndicator"] == true ? "Http" : (bool?)message["CNAMEAuthDVIndicator"] == true ? order.Vendor == "DIGICERT" ? "Txt" : "Cname" : "Email";
        List<string> proved = [.. order.Proofs.Select(p => p.Domain)];
        Prove(order);

        // What was proved when it was ordered is not proved again.
        foreach (SoldProof proof in order.Proofs.Where(p => proved.Contains(p.Domain)))
        {
            proof.IsDone = true;
        }

        return order.ToJson(Manners);
    }

    private JObject Refund(SoldOrder order, string? reference)
    {
        if (RefusesRefunds)
        {
            throw new ApiRefusal("ErrorCode:-9011|Message:The refund period of 30 days is over");
        }

        if (order.RefundRequestId is not null)
        {
            throw Violation("a refund was asked for twice");
        }

        order.RefundRequestId = reference ?? NextId();
        Ledger.Add(("order/refundrequest", order.Reference ?? order.Id, 0));
        if (ApprovesRefundsAtOnce)
        {
            ApproveRefund(order);
        }

        return order.ToJson(Manners);
    }

    public static void ApproveRefund(SoldOrder order)
    {
        order.IsRefundApproved = true;
        order.Major = "Cancelled";
    }

    private JObject Revoke(SoldOrder order, string? serial)
    {
        if (order.Major == "Cancelled")
        {
            throw new ApiRefusal("ErrorCode:-9012|Message:The order is cancelled already");
        }

        if (serial is not null && order.Serial != serial)
        {
            throw Violation($"the serial number is {order.Serial}, not {serial}");
        }

        order.Major = "Cancelled";
        return Manners.Outcome(false, []);
    }

    private JObject Mail(string path, JObject message)
    {
        SoldOrder order = Find(message);
        if (order.Method != "Email" || (order.Major != "Pending" && order.Minor != "PENDING_REISSUE"))
        {
            throw new ApiRefusal("ErrorCode:-9010|Message:No approver email is awaited");
        }

        int index = order.Proofs.FindIndex(p => p.Domain == (string?)message["DomainNames"]);
        if (index < 0)
        {
            throw Violation($"{message["DomainNames"]} is no name of the order");
        }

        if (path == "order/changeapproveremail")
        {
            order.Approvers[index] = (string)message["ResendEmail"]!;
        }
        else if (order.Approvers[index] != (string?)message["ResendEmail"])
        {
            throw Violation($"{message["ResendEmail"]} is not the approver");
        }

        return Manners.Outcome(false, []);
    }

    private JArray Query(JObject message)
    {
        int page = (int?)message["PageNumber"] ?? 1;
        int size = (int?)message["PageSize"] ?? 100;
        DateTimeOffset from = Date(message["StartDate"]) ?? DateTimeOffset.MinValue;
        DateTimeOffset to = Date(message["EndDate"]) ?? DateTimeOffset.MaxValue;
        return new JArray(Enumerable.Reverse(Orders).Where(o => o.BoughtAt >= from && o.BoughtAt <= to).Skip((page - 1) * size).Take(size).Select(o => Look(o).ToJson(Manners)));
    }

    private static DateTimeOffset? Date(JToken? text) => text is null ? null : DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(((string)text!).Substring(6).TrimEnd('/', ')'), CultureInfo.InvariantCulture));

    private JObject Download(SoldOrder order)
    {
        if (order.Certificates.Count == 0)
        {
            throw new ApiRefusal("ErrorCode:-9013|Message:The certificate is not issued yet");
        }

        bool isEmpty = EmptyDownloads-- > 0;
        IEnumerable<byte[]> leaves = ServesOldCertificates ? order.Certificates : order.Certificates.Skip(order.Certificates.Count - 1);
        byte[][] files = [TestPki.Root.Der, .. leaves, TestPki.Intermediate.Der];
        return With(new JObject
        {
            ["TheSSLStoreOrderID"] = order.Id,
            ["PartnerOrderID"] = order.PartnerOrderId,
            ["CertificateStatus"] = order.Major,
            ["Certificates"] = isEmpty ? null : new JArray(files.Select((f, i) => new JObject { ["FileName"] = $"file{i}.crt", ["FileContent"] = Encoding.ASCII.GetString(new CertificateTools().ToPem([f])) })),
        });
    }

    /// <summary>Looks for what is to be proved, and issues when everything is.</summary>
    private SoldOrder Look(SoldOrder order)
    {
        if (order.Major != "Pending" && order.Minor != "PENDING_REISSUE")
        {
            return order;
        }

        foreach (SoldProof proof in order.Proofs.Where(p => !p.IsDone))
        {
            proof.IsDone = order.Method switch
            {
                "Cname" => string.Equals(World.Alias(proof.Place)?.TrimEnd('.'), proof.Value, StringComparison.OrdinalIgnoreCase),
                "Txt" => World.Texts(proof.Place).Contains(proof.Value),
                "Http" => World.Fetch($"http://{proof.Domain}/.well-known/pki-validation/{proof.Place}") is byte[] file && file.SequenceEqual(Encoding.ASCII.GetBytes(proof.Value)),
                "Https" => World.Fetch($"https://{proof.Domain}/.well-known/pki-validation/{proof.Place}") is byte[] secure && secure.SequenceEqual(Encoding.ASCII.GetBytes(proof.Value)),
                _ => false,
            };
        }

        if (order.Proofs.TrueForAll(p => p.IsDone) && !order.NeedsVetting)
        {
            Issue(order, _clock.UtcNow);
            order.Major = "Active";
            order.Minor = "";
        }

        return order;
    }

    private void Prove(SoldOrder order)
    {
        order.Proofs.Clear();
        foreach (string domain in order.Names.Select(n => n.StartsWith("*.", StringComparison.Ordinal) ? n.Substring(2) : n).Distinct())
        {
            string hash = order.PartnerOrderId + domain.Length.ToString(CultureInfo.InvariantCulture);
            order.Proofs.Add(order.Method switch
            {
                "Cname" => new SoldProof(domain, $"_{hash}.{domain}", $"{hash}.dcv.sectigo.example"),
                "Txt" => new SoldProof(domain, $"_dnsauth.{domain}", hash + "token"),
                "Http" or "Https" => new SoldProof(domain, hash + ".txt", $"{hash}\nsectigo.com\n{order.Reference}"),
                _ => new SoldProof(domain, "", ""),
            });
        }
    }

    private void Issue(SoldOrder order, DateTimeOffset at)
    {
        DateTimeOffset end = at.AddDays(CertificateDays);
        order.CertificateStart = at.AddHours(-1);
        order.CertificateEnd = end < order.TermEnd ? end : order.TermEnd;
        byte[] der = TestPki.Issue(new CertificateRequestTools().ReadStored(order.Csr, order.Id), TestPki.Intermediate, order.CertificateStart.Value, order.CertificateEnd.Value);
        order.Certificates.Add(der);
        order.Serial = new CertificateTools().Parse(der).SerialNumber;
    }

    private CertificateRequestContent ReadCsr(JObject message)
    {
        string text = (string)message["CSR"]!;
        bool isUrl = text.StartsWith("-----BEGIN%20", StringComparison.Ordinal);
        bool isLine = !isUrl && !text.Contains('\n');
        if (CsrForm != (isUrl ? "url" : isLine ? "line" : "pem"))
        {
            throw new ApiRefusal("ErrorCode:-9009|Message:could not parse CSR");
        }

        string pem = isUrl ? Uri.UnescapeDataString(text) : isLine ? text.Replace("REQUEST-----", "REQUEST-----\n").Replace("-----END", "\n-----END") : text;
        return new CertificateRequestTools().Read(Encoding.ASCII.GetBytes(pem), "the message");
    }

    private JObject Price(JObject message) =>
        Catalogue.Cast<JObject>().FirstOrDefault(p => (string?)p["ProductCode"] == (string?)message["ProductCode"]) is JObject product
            ? product["PricingInfo"]!.Any(p => (int)p["NumberOfMonths"]! == (int)message["ValidityPeriod"]!) ? product : throw new ApiRefusal("ErrorCode:-9006|Message:Invalid validity period")
            : throw new ApiRefusal("ErrorCode:-9005|Message:Invalid product code");

    private SoldOrder Find(JObject message)
    {
        string? id = (string?)message["TheSSLStoreOrderID"];
        string? reference = (string?)message["CustomOrderID"];
        if (string.IsNullOrEmpty(id) && string.IsNullOrEmpty(reference))
        {
            throw Violation("neither TheSSLStoreOrderID nor CustomOrderID");
        }

        return Orders.Find(o => string.IsNullOrEmpty(id) ? o.Reference == reference : o.Id == id) ?? throw new ApiRefusal("ErrorCode:-9007|Message:Invalid order");
    }

    private JObject With(JObject answer)
    {
        answer["AuthResponse"] = Manners.Outcome(false, []);
        return answer;
    }

    private HttpAnswer Refuse(string path, string message)
    {
        JObject outcome = Manners.Outcome(true, [message]);
        JToken answer = path is "product/query" or "order/query" ? new JArray(new JObject { ["AuthResponse"] = outcome })
            : path is "health/validate" or "order/resend" or "order/changeapproveremail" or "order/validate" or "order/certificaterevokerequest" ? outcome
            : new JObject { ["AuthResponse"] = outcome };
        return new HttpAnswer(200).With("Content-Type", "application/json; charset=utf-8").WithBody(answer.ToString(Formatting.None));
    }

    private ApiRefusal Violation(string what)
    {
        Violations.Add(what);
        return new ApiRefusal("ErrorCode:-1|Message:" + what);
    }

    private string NextId() => (++_number).ToString(CultureInfo.InvariantCulture);

#pragma warning disable CA1032, CA1064 // goes no farther than this class
    private sealed class ApiRefusal(string message) : Exception(message);
#pragma warning restore CA1032, CA1064
}
