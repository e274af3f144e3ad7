using System.Text;
using Sluice.Adapters.Yaml;
using Sluice.Core.Jobs;

namespace Sluice.Adapters.Tests.Yaml;

public sealed class ParamsReaderTests
{
    [Theory]
    [InlineData("0.00001", "0.00001")]
    [InlineData("1.0", "1.0")]
    [InlineData("1.0e+22", "1.0e+22")]
    [InlineData("12345678901234567890", "12345678901234567890")]
    [InlineData(".inf", ".inf")]
    [InlineData("-.INF", "-.INF")]
    [InlineData(".nan", ".nan")]
    [InlineData("0x1F", "0x1F")]
    [InlineData("1:30", "1:30")]
    [InlineData("2026-01-01 10:00:00", "2026-01-01 10:00:00")]
    [InlineData("yes", "yes")]
    [InlineData("True", "True")]
    [InlineData("~", "~")]
    [InlineData("", "null")]
    [InlineData("64,32,16", "\"64,32,16\"")]
    [InlineData("1,000", "\"1,000\"")]
    [InlineData("'12'", "\"12\"")]
    [InlineData("a text", "\"a text\"")]
    [InlineData("😀 ü", "\"😀 ü\"")]
    [InlineData("\"a\\\\b\\\"c\\n\\u2028\"", "\"a\\\\b\\\"c\\n\\u2028\"")]
    [InlineData("[-1, [a, 2.50]]", "[-1, [\"a\", 2.50]]")]
    [InlineData("{b: 1, 0: x, '1': z}", "{0: \"x\", \"1\": \"z\", \"b\": 1}")]
    public void A_value_is_as_its_author_wrote_it(string written, string value) => Assert.Equal(value, Read($"key: {written}")["key"]);

    [Fact]
    public void Leaves_and_what_is_above_them_are_values()
    {
        var values = Read("train: {rate: 0.10, layers: [1, 2]}\nname: x\n");

        Assert.Equal("0.10", values["train.rate"]);
        Assert.Equal("""{"layers": [1, 2], "rate": 0.10}""", values["train"]);
        Assert.Equal("\"x\"", values["name"]);
    }

    [Fact]
    public void A_key_that_no_dotted_key_can_name_is_in_the_value_above_it_only()
    {
        var values = Read("""
            a: {"b.c": 7, "1": 8, 2: 9}
            "a.b": 10
            """);

        Assert.Equal(["a", "a.2"], values.Keys.Order());
        Assert.Equal("""{"1": 8, 2: 9, "b.c": 7}""", values["a"]);
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_first_key() => Assert.Equal("1", Read("\uFEFFa: 1")["a"]);

    [Fact]
    public void Long_texts_under_many_aliases_are_refused()
    {
        var yaml = $"a: &a {new string('x', 1_000_000)}\nb: [{string.Join(", ", Enumerable.Repeat("*a", 1000))}]\n";

        var mistake = Assert.Single(Assert.Throws<BrokenRepositoryException>(() => Read(yaml)).Mistakes);

        Assert.Contains("too large", mistake.Problem, StringComparison.Ordinal);
    }

    private static IReadOnlyDictionary<string, string> Read(string yaml) =>
        YamlServices.CreateManifestReader().ReadParams(Encoding.UTF8.GetBytes(yaml));
}
