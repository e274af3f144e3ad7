using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Core.Clusters;

/// <summary>A task as a pod sees it: put together from its order and the claims of its upstream, with its fingerprint.</summary>
internal sealed class OrderedTask
{
    /// <summary>As many claims of a wide upstream at once.</summary>
    private const int AtOnce = 16;

    private readonly TaskOrder _order;
    private readonly ResolvedTask _task;
    private readonly WorkOrders _works;
    private readonly Dictionary<int, ImmutableArray<StoredFile>> _outputs;

    private OrderedTask(
        TaskOrder order, ResolvedTask task, Dictionary<string, BlobInfo> contents, Dictionary<int, ImmutableArray<StoredFile>> outputs, ITaskContents store)
    {
        (_order, _task, _outputs) = (order, task, outputs);
        var images = ImmutableDictionary<string, Digest>.Empty;
        var fields = new FieldBuilder(order.DataFolder, contents, order.Parameters, order.Environment, usesImages: true)
            .With(order is { ImageDigest: { } digest, Task.Image: { } image } ? images.Add(image, digest) : images);
        _works = new WorkOrders(order.Run, order.Commit, order.Job, fields, store, order.Parameters, images, _ => []);
        Fields = fields.FieldsOf(task, OutputsOf, RunVariables.Of(task.Task, order.Commit, order.Run));
        Fingerprint = Fingerprint.Of(Fields.AsSpan());
    }

    /// <summary>What decides its bytes.</summary>
    public ImmutableArray<FingerprintField> Fields { get; }

    /// <summary>The digest of that.</summary>
    public Fingerprint Fingerprint { get; }

    /// <summary>The work; every input has to be there.</summary>
    public TaskWork Work() => _works.Of(_task, _works.InputsOf(_task, OutputsOf));

    /// <summary>Puts a task together.</summary>
    /// <exception cref="SluiceException">Something is missing that the service, or the pods before, must have written (Unavailable).</exception>
    public static async Task<OrderedTask> ReadAsync(TaskOrder order, IRunWork work, CancellationToken cancellationToken)
    {
        var contents = new Dictionary<string, BlobInfo>();
        var inputs = new List<ResolvedInput>();
        foreach (var input in order.Inputs)
        {
            inputs.Add(new ResolvedInput(input.Declared, Known(await FilesAsync(input.Sources, work, cancellationToken)), input.Producers));
        }

        var task = new ResolvedTask
        {
            Task = order.Task,
            Index = order.Index,
            Script = order.Script is { } script ? Known([script])[0] : null,
            Code = new FileSet(Known(await FilesAsync(order.Code, work, cancellationToken))),
            EnvironmentFiles = new FileSet(Known(await FilesAsync(order.EnvironmentFiles, work, cancellationToken))),
            Inputs = [.. inputs],
        };
        return new OrderedTask(order, task, contents, await OutputsAsync(order, work, cancellationToken), work.Contents);

        // There is no git here: a file's content is known by its digest, which takes the place of git's id.
        ImmutableArray<RevisionFile> Known(IReadOnlyList<StoredFile> files) =>
        [
            .. files.Select(file =>
            {
                contents[file.Content.Digest.Hex] = file.Content;
                return new RevisionFile(
                    file.Path, file.IsExecutable ? RevisionFileKind.Executable : RevisionFileKind.Regular, file.Content.Digest.Hex);
            }),
        ];
    }

    private static async Task<Dictionary<int, ImmutableArray<StoredFile>>> OutputsAsync(TaskOrder order, IRunWork work, CancellationToken cancellationToken)
    {
        var outputs = new Dictionary<int, ImmutableArray<StoredFile>>();
        foreach (var known in order.Known)
        {
            outputs[known.Task] = [.. await FilesAsync(known.Outputs, work, cancellationToken)];
        }

        var claimed = order.Inputs.SelectMany(input => input.Producers).Distinct().Where(producer => !outputs.ContainsKey(producer)).ToList();
        var claims = new Claim[claimed.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, claimed.Count),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (place, token) => claims[place] = (await work.FindClaimAsync(claimed[place], token)).Claim
                ?? throw Missing($"what task {claimed[place]}, which it depends on, has made"));
        for (var place = 0; place < claimed.Count; place++)
        {
            outputs[claimed[place]] = claims[place].Files.Outputs;
        }

        return outputs;
    }

    private static async Task<IReadOnlyList<StoredFile>> FilesAsync(FileGroup group, IRunWork work, CancellationToken cancellationToken) =>
        group.Files is { } files ? files
        : group.List is { } list && await work.FindListAsync(list, cancellationToken) is { } listed ? listed
        : throw Missing("a list of files");

    private static SluiceException Missing(string what) =>
        new(FaultKind.Unavailable, "order-incomplete", $"Of the order for this pod {what} is not in the store, or its credential may not read it.");

    private ImmutableArray<StoredFile>? OutputsOf(int index) => _outputs[index];
}
