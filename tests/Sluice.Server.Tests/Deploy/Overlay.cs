using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CliWrap;
using CliWrap.Buffered;
using YamlDotNet.Serialization;

namespace Sluice.Server.Tests.Deploy;

/// <summary>An overlay of <c>deploy/</c> as the real <c>kubectl kustomize</c> builds it.</summary>
internal sealed class Overlay
{
    private const string Variable = "TEST_KUBECTL";

    private static readonly ConcurrentDictionary<string, Task<Overlay>> Built = [];

    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../.."));

    /// <summary>The names of all overlays.</summary>
    public static TheoryData<string> Names { get; } =
        [.. Directory.GetDirectories(Path.Combine(Root, "deploy/overlays")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <summary>What it consists of.</summary>
    public required IReadOnlyList<Manifest> Objects { get; init; }

    /// <summary>What kubectl had to say about it.</summary>
    public required string Warnings { get; init; }

    /// <summary>The pods that it makes, by what makes them.</summary>
    public IEnumerable<Manifest> Workloads => Objects.Where(it => it.Pod is not null);

    /// <summary>The service's settings: its ConfigMap, and what the Deployment says itself.</summary>
    public Dictionary<string, string?> Settings => Of("ConfigMap", Text(Container["envFrom"]![0]!["configMapRef"]!["name"])).Node["data"]!.AsObject()
        .Select(setting => KeyValuePair.Create(setting.Key, (string?)Text(setting.Value)))
        .Concat(Container["env"]!.AsArray().Select(it => KeyValuePair.Create(Text(it!["name"]), it["value"] is { } value ? Text(value) : null)))
        .ToDictionary();

    /// <summary>The service's own container.</summary>
    public JsonNode Container => Of("Deployment", "sluice").Pod!["containers"]![0]!;

    /// <summary>Skips the test where there is no kubectl.</summary>
    public static void Require() =>
        Assert.SkipWhen(Environment.GetEnvironmentVariable(Variable) is null, $"needs kubectl: {Variable}=$(scripts/kubectl.sh); make test does that");

    /// <summary>Builds an overlay, once.</summary>
    public static Task<Overlay> BuildAsync(string name)
    {
        Require();
        return Built.GetOrAdd(name, it => ReadAsync(Path.Combine(Root, "deploy/overlays", it)));
    }

    /// <summary>Builds all of them.</summary>
    public static async Task<Overlay[]> BuildAllAsync() => await Task.WhenAll(Names.Select(row => BuildAsync(row.Data)));

    /// <summary>One object.</summary>
    public Manifest Of(string kind, string name) => Objects.Single(it => it.Kind == kind && it.Name == name);

    /// <summary>A scalar; everything is read as text.</summary>
    public static string Text(JsonNode? node) => node!.GetValue<string>();

    /// <summary>Builds one that somebody wrote elsewhere.</summary>
    public static async Task<Overlay> ReadAsync(string folder)
    {
        var result = await CliWrap.Cli.Wrap(Environment.GetEnvironmentVariable(Variable)!)
            .WithArguments(["kustomize", folder])
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        Assert.True(result.IsSuccess, result.StandardError);
        var toJson = new SerializerBuilder().JsonCompatible().Build();
        var objects = result.StandardOutput.Split("\n---\n")
            .Select(text => new DeserializerBuilder().Build().Deserialize<object>(text))
            .Select(it => new Manifest(JsonNode.Parse(toJson.Serialize(it))!));
        return new Overlay { Objects = [.. objects], Warnings = result.StandardError };
    }
}
