using System.Collections.Concurrent;
using System.Collections.Immutable;
using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Core.Clusters;

/// <summary>Writes the orders of one run for its pods. Files that many tasks share are written once.</summary>
internal sealed class OrderWriter(PlannedRun planned, Run run, ExecutionBoard board, IRunWork work, IEngine engine)
{
    /// <summary>Up to here the files are in the order itself.</summary>
    private const int MaxInOrder = 16;

    /// <summary>As many orders at once as a server takes without being asked to slow down.</summary>
    private const int AtOnce = 32;

    private readonly ConcurrentDictionary<object, Task<FileGroup>> _groups = new(ReferenceEqualityComparer.Instance);

    /// <summary>Writes orders; what is known of their upstream by now is part of them.</summary>
    public Task WriteAsync(IEnumerable<ExecutionNode> nodes, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        nodes,
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
        async (node, token) => await work.PutOrderAsync(await OrderAsync(node, token), token));

    private async Task<TaskOrder> OrderAsync(ExecutionNode node, CancellationToken cancellationToken)
    {
        var task = node.Task;
        var inputs = new List<OrderedInput>();
        foreach (var input in task.Inputs)
        {
            var sources = await GroupAsync(input, () => [.. input.Sources.Select(file => planned.Fields.Stored(file, file.Path))], cancellationToken);
            inputs.Add(new OrderedInput(input.Declared, sources, input.Producers));
        }

        return new TaskOrder
        {
            Run = run.Id,
            Job = run.Job,
            Commit = run.Commit,
            Index = task.Index,
            Task = task.Task with { Retries = 0 },
            ImageDigest = task.Task.Image is { } image && planned.Images.TryGetValue(image, out var digest) ? digest : null,
            DataFolder = planned.Job.DataFolder,
            Environment = engine.Environment,
            Script = task.Script is { } script ? planned.Fields.Stored(script, script.Path) : null,
            Code = await GroupAsync(task.Code, () => [.. task.Code.Files.Select(file => planned.Fields.Stored(file, file.Path))], cancellationToken),
            EnvironmentFiles = await GroupAsync(
                task.EnvironmentFiles, () => [.. task.EnvironmentFiles.Files.Select(file => planned.Fields.Stored(file, file.Path))], cancellationToken),
            Inputs = [.. inputs],
            Known = await KnownAsync(node, cancellationToken),
            Parameters = task.Task.Params.ToImmutableSortedDictionary(key => key, key => planned.Parameters[key], StringComparer.Ordinal),
            IsReusable = task.Task is { IsCacheable: true, IsEffect: false } && !planned.Reuse.IsForced(task.Task),
            Effect = task.Task is { IsCacheable: true, IsEffect: true } && !planned.Reuse.IsForced(task.Task)
                ? planned.Plan.Baseline?.Find(task.Task.Name)?.Fingerprint
                : null,
            Adopts = run.Options.Adopt || planned.Plan.Baseline is not null,
        };
    }

    private async Task<ImmutableArray<KnownOutputs>> KnownAsync(ExecutionNode node, CancellationToken cancellationToken)
    {
        var known = ImmutableArray.CreateBuilder<KnownOutputs>();
        foreach (var producer in node.Task.Inputs.SelectMany(input => input.Producers).Distinct().Order())
        {
            if (board.Find(producer) is { Result: { } result })
            {
                known.Add(new KnownOutputs(producer, await GroupAsync(result, () => result.Files.Outputs, cancellationToken)));
            }
        }

        return known.DrainToImmutable();
    }

    private Task<FileGroup> GroupAsync(object owner, Func<ImmutableArray<StoredFile>> files, CancellationToken cancellationToken) =>
        _groups.GetOrAdd(owner, _ => MakeAsync(files(), cancellationToken));

    private async Task<FileGroup> MakeAsync(ImmutableArray<StoredFile> files, CancellationToken cancellationToken) => files.Length <= MaxInOrder
        ? new FileGroup(files, null)
        : new FileGroup(null, await work.PutListAsync(files, cancellationToken));
}
