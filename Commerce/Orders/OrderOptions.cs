using System.ComponentModel.DataAnnotations;

namespace Commerce.Orders;

/// <summary>Configuration section <c>Orders</c>.</summary>
public sealed class OrderOptions
{
    /// <summary>How long an unpaid order keeps its stock before its payment session is ended.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan HoldTime { get; set; } = TimeSpan.FromMinutes(30);
}
