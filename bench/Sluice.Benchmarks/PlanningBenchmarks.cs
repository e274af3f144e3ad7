using BenchmarkDotNet.Attributes;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Benchmarks;

/// <summary>The parts of a plan over 10,000 tasks: resolving the graph, and writing down and hashing the fields.</summary>
[MemoryDiagnoser]
public class PlanningBenchmarks
{
    private const int Count = 10_000;
    private static readonly JobName Name = JobName.Parse("job");
    private static readonly RevisionFile ManifestFile = new(RepoPath.Trusted("dependencies.yaml"), RevisionFileKind.Regular, "m");

    private readonly Manifest _manifest = new() { Tasks = [.. Enumerable.Range(0, Count).Select(Task)] };

    private readonly Revision _revision = new()
    {
        Commit = CommitId.Parse(new string('a', 40)),
        CommitDate = default,
        Files = [.. Enumerable.Range(0, 1000).Select(number => $"data/s{number}").Append("src/job/shared.sh").Order(StringComparer.Ordinal)
            .Select(path => new RevisionFile(RepoPath.Trusted(path), RevisionFileKind.Regular, path))],
    };

    private ResolvedJob _job = null!;
    private FieldBuilder _fields = null!;

    /// <summary>Resolves once, so that the other parts start from there.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _job = Resolve();
        var contents = _revision.Files.ToDictionary(file => file.BlobId, file => new BlobInfo(Digest.Of(file.BlobId), 1));
        _fields = new FieldBuilder(_job.DataFolder, contents, new Dictionary<string, string>(), "host:linux-x64", usesImages: false);
    }

    /// <summary>The graph of 10,000 tasks.</summary>
    [Benchmark(Baseline = true)]
    public ResolvedJob Resolve() => JobResolver.Resolve(Name, _manifest, ManifestFile, _revision);

    /// <summary>Fields and fingerprints of 10,000 tasks.</summary>
    [Benchmark]
    public int Fingerprints() => _job.Tasks.Sum(task =>
        Fingerprint.Of(_fields.FieldsOf(task, _ => [], new Dictionary<string, string>()).AsSpan()).Digest.Hex.Length);

    private static JobTask Task(int number) => new()
    {
        Name = new TaskName($"t{number}"),
        Command = TaskCommand.Shell($"cat data/s{number % 1000} > data/o{number}"),
        Script = RepoPath.Trusted("shared.sh"),
        Inputs = [new DataPath(RepoPath.Trusted($"s{number % 1000}"), false), .. number == 0 ? [] : new[] { new DataPath(RepoPath.Trusted($"o{number / 2}"), false) }],
        Outputs = [new DataPath(RepoPath.Trusted($"o{number}"), false)],
    };
}
