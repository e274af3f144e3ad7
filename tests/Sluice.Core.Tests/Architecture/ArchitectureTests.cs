using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Sluice.Core.Tests.Architecture;

/// <summary>What ARCHITECTURE.md and the house style promise about the code, checked.</summary>
public sealed partial class ArchitectureTests
{
    private const int MaxFileLines = 300;

    private static readonly string Root = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../.."));

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Sluice.Core"] = [],
        ["Sluice.Store"] = ["Sluice.Core"],
        ["Sluice.Adapters"] = ["Sluice.Core"],
        ["Sluice.Client"] = [],
        ["Sluice.Server"] = ["Sluice.Core", "Sluice.Store", "Sluice.Adapters", "Sluice.Client"],
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

    [Fact]
    public void Core_uses_no_package_but_logging() => Assert.Equal(
        ["Microsoft.Extensions.Logging.Abstractions"],
        XDocument.Load(Path.Combine(Root, "src/Sluice.Core/Sluice.Core.csproj")).Descendants("PackageReference").Select(it => it.Attribute("Include")!.Value));

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
    public void No_type_is_called_after_nothing() =>
        Assert.DoesNotContain(Sources, path => VagueName().IsMatch(Path.GetFileNameWithoutExtension(path)));

    [Fact]
    public void Everything_is_caught_in_three_places_only() => Assert.Equal(
        ["CommandLine.cs", "RunReconciler.cs"],
        Sources.Where(path => CatchAll().IsMatch(File.ReadAllText(path))).Select(path => Path.GetFileName(path)).Order());

    [GeneratedRegex(@"using Sluice\.Adapters\.(\w+)")]
    private static partial Regex AdapterUse();

    [GeneratedRegex("(Manager|Helper|Helpers|Util|Utils|Base)$")]
    private static partial Regex VagueName();

    // A filter (when) names what is meant.
    [GeneratedRegex(@"catch \(Exception( \w+)?\)\s*(#pragma[^\n]*)?\s*\{")]
    private static partial Regex CatchAll();
}
