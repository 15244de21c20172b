using System.ComponentModel.DataAnnotations;

namespace Api.Mail;

/// <summary>Section <c>Ses</c>: where Amazon SES reports bounces and complaints. Without a topic nothing is taken.</summary>
public sealed class SesOptions
{
    public const string Section = "Ses";

    /// <summary>The topic's ARN, with <c>SignatureVersion</c> 2: <c>arn:aws:sns:eu-west-1:123456789012:mail</c>.</summary>
    [RegularExpression("arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:.+")]
    public string? TopicArn { get; init; }

    /// <summary>The only place certificates and confirmations are fetched from; null: Amazon SNS in the topic's region.</summary>
    [Url]
    public string? Endpoint { get; init; }

    /// <summary>Null without a topic.</summary>
    public Uri? Address => Endpoint is { } endpoint ? new Uri(endpoint) : TopicArn is { } arn ? new Uri($"https://sns.{arn.Split(':')[3]}.amazonaws.com") : null;
}
