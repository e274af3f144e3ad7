using Sluice.Adapters.Containers;

namespace Sluice.Adapters.Tests.Containers;

/// <summary>Amounts as jobs write them.</summary>
public sealed class QuantityTests
{
    [Theory]
    [InlineData("500m", 1_000_000_000, 500_000_000L)]
    [InlineData("2", 1_000_000_000, 2_000_000_000L)]
    [InlineData("0.5", 1_000_000_000, 500_000_000L)]
    [InlineData("1Gi", 1, 1L << 30)]
    [InlineData("1.5Mi", 1, 1_572_864L)]
    [InlineData("64M", 1, 64_000_000L)]
    [InlineData("999999999999Ti", 1, long.MaxValue)]
    [InlineData(null, 1, null)]
    public void An_amount_is_read_as_Kubernetes_reads_it(string? text, int parts, long? expected) => Assert.Equal(expected, Quantity.Of(text, parts));
}
