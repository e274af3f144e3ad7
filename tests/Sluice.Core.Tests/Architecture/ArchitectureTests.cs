using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Sluice.Core.Tests.Architecture;

/// <summary>What ARCHITECTURE.md and the house style promise about the code, checked.</summary>
public sealed partial class ArchitectureTests
{
    private const int MaxFileLines = 300;

    private const int MaxMethodLines = 60;

    private static readonly string Root = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../.."));

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Sluice.Core"] = [],
        ["Sluice.Store"] = ["Sluice.Core"],
        ["Sluice.Adapters"] = ["Sluice.Core"],
        ["Sluice.Processes"] = ["Sluice.Core"],
        ["Sluice.Executor"] = ["Sluice.Core", "Sluice.Processes", "Sluice.Store"],
        ["Sluice.Client"] = [],
        ["Sluice.Server"] = ["Sluice.Core", "Sluice.Store", "Sluice.Adapters", "Sluice.Processes", "Sluice.Client"],
        ["Sluice.Cli"] = ["Sluice.Client", "Sluice.Server"],
    };

    private static IEnumerable<string> Sources => Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(path => !path.Contains("/obj/", StringComparison.Ordinal));

    [Fact]
    public void Projects_use_only_what_the_table_allows()
    {
        foreach (var project in Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            var used = XDocument.Load(project).Descendants("ProjectReference").Select(it => Path.GetFileNameWithoutExtension(it.Attribute("Include")!.Value.Replace('\\', '/')));

            Assert.Empty(used.Except(Allowed[Path.GetFileNameWithoutExtension(project)]));
        }
    }

    [Theory]
    [InlineData("Sluice.Core", "Microsoft.Extensions.Logging.Abstractions")]
    [InlineData("Sluice.Client", "")]
    [InlineData("Sluice.Processes", "")]
    [InlineData("Sluice.Executor", "")]
    [InlineData("Sluice.Store", "AWSSDK.S3 AWSSDK.SecurityToken")]
    [InlineData("Sluice.Adapters", "CliWrap Dapper dbup-core dbup-sqlite Docker.DotNet KubernetesClient Microsoft.Data.Sqlite YamlDotNet")]
    public void Projects_use_only_the_packages_that_the_table_allows(string project, string packages) => Assert.Equal(
        packages,
        string.Join(' ', XDocument.Load(Path.Combine(Root, $"src/{project}/{project}.csproj")).Descendants("PackageReference").Select(it => it.Attribute("Include")!.Value)));

    [Fact]
    public void Adapters_do_not_use_each_other()
    {
        var found = Sources
            .Where(path => path.Contains("/Sluice.Adapters/", StringComparison.Ordinal))
            .SelectMany(path => AdapterUse().Matches(File.ReadAllText(path)).Select(match => (Own: Path.GetFileName(Path.GetDirectoryName(path)), Other: match.Groups[1].Value)))
            .Where(pair => pair.Own != pair.Other);

        Assert.Empty(found);
    }

    [Fact]
    public void No_file_grows_past_three_hundred_lines() =>
        Assert.Empty(Sources.Where(path => File.ReadAllLines(path).Length > MaxFileLines).Select(path => Path.GetRelativePath(Root, path)));

    [Fact]
    public void No_method_grows_past_sixty_lines() => Assert.Empty(Sources.SelectMany(LongMethods));

    [Fact]
    public void No_type_is_called_after_nothing() =>
        Assert.DoesNotContain(Sources, path => VagueName().IsMatch(Path.GetFileNameWithoutExtension(path)));

    [Fact]
    public void Everything_is_caught_in_three_places_only() => Assert.Equal(
        ["CommandLine.cs", "Program.cs", "RunReconciler.cs"],
        Sources.Where(path => CatchAll().IsMatch(File.ReadAllText(path))).Select(path => Path.GetFileName(path)).Order());

    // By the indentation that the formatter keeps: a body of a member of a type that is not nested.
    private static IEnumerable<string> LongMethods(string path)
    {
        var lines = File.ReadAllLines(path);
        for (var start = Array.IndexOf(lines, "    {"); start >= 0; start = Array.IndexOf(lines, "    {", start + 1))
        {
            var end = Array.FindIndex(lines, start, line => line.StartsWith("    }", StringComparison.Ordinal));
            if (end - start - 1 > MaxMethodLines && lines[start - 1].TrimEnd().EndsWith(')'))
            {
                yield return $"{Path.GetRelativePath(Root, path)}:{start}: {end - start - 1} lines";
            }
        }
    }

    [GeneratedRegex(@"using Sluice\.Adapters\.(\w+)")]
    private static partial Regex AdapterUse();

    [GeneratedRegex("(Manager|Helper|Helpers|Util|Utils|Base)$")]
    private static partial Regex VagueName();

    // A filter (when) names what is meant.
    [GeneratedRegex(@"catch \(Exception( \w+)?\)\s*(#pragma[^\n]*)?\s*\{")]
    private static partial Regex CatchAll();
}
