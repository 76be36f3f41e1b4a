namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>The IAM policy with the least rights. It is in the guide too.</summary>
internal static class Route53Policy
{
    public const string Text =
        """
        An IAM policy for the user or role; put the id of each zone in the place of Z0123456789EXAMPLE, and aws-cn or aws-us-gov in the place of aws there. With ZoneId the first statement is not needed.
        {
          "Version": "2012-10-17",
          "Statement": [
            { "Effect": "Allow", "Action": "route53:ListHostedZones", "Resource": "*" },
            { "Effect": "Allow", "Action": "route53:GetChange", "Resource": "arn:aws:route53:::change/*" },
            { "Effect": "Allow", "Action": "route53:ListResourceRecordSets", "Resource": "arn:aws:route53:::hostedzone/Z0123456789EXAMPLE" },
            {
              "Effect": "Allow",
              "Action": "route53:ChangeResourceRecordSets",
              "Resource": "arn:aws:route53:::hostedzone/Z0123456789EXAMPLE",
              "Condition": {
                "ForAllValues:StringEquals": {
                  "route53:ChangeResourceRecordSetsRecordTypes": ["TXT"],
                  "route53:ChangeResourceRecordSetsActions": ["CREATE", "DELETE"]
                },
                "ForAllValues:StringLike": { "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["_acme-challenge.*"] }
              }
            }
          ]
        }
        """;
}
