using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Core.Clusters;
using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;
using Sluice.Testing;

namespace Sluice.Core.Tests.Clusters;

public sealed class PodTaskTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_cannot_be_told_to_the_service_fails_the_task_with_the_reason()
    {
        var work = DispatchProxy.Create<IRunWork, Work>();
        var state = new StateFolder(_folder.Path);
        var task = new PodTask(work, new TaskRunner(new Engine(), state, TimeProvider.System, NullLogger<TaskRunner>.Instance), state, TimeProvider.System);

        var status = await task.RunAsync(0, "pod", CancellationToken.None);

        Assert.Equal(1, status);
        Assert.Equal("left so many files (1) that they cannot be told to the service; put them into an archive", ((Work)work).Report?.Error);
    }

    // Says of every claim that it is too large. Not sealed, since a proxy is made of it.
#pragma warning disable CA1852
    private class Work : DispatchProxy
    {
        public PodReport? Report { get; private set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
        {
            "FindClaimAsync" => Task.FromResult<(Claim?, string?)>((null, null)),
            "FindOrderAsync" => Task.FromResult<TaskOrder?>(Order()),
            "FindResultAsync" => Task.FromResult<TaskResult?>(null),
            "PutClaimAsync" => Task.FromResult<bool?>(null),
            "PutReportAsync" => Keep((PodReport)args![0]!),
            "get_Contents" => new Contents(),
            _ => throw new NotSupportedException(targetMethod.Name),
        };

        private Task Keep(PodReport report)
        {
            Report = report;
            return Task.CompletedTask;
        }

        private static TaskOrder Order() => new()
        {
            Run = RunId.New(DateTimeOffset.UnixEpoch),
            Job = JobName.Parse("job"),
            Commit = CommitId.Parse(new string('a', 40)),
            Index = 0,
            Task = new JobTask { Name = new TaskName("t"), Command = TaskCommand.Shell("true"), Outputs = [new DataPath(RepoPath.Trusted("o"), false)] },
            DataFolder = RepoPath.Trusted("data"),
            Environment = "linux/amd64",
            Code = new FileGroup([], null),
            EnvironmentFiles = new FileGroup([], null),
            IsReusable = true,
            Adopts = false,
        };
    }
#pragma warning restore CA1852

    private sealed class Contents : ITaskContents
    {
        public Task<BlobInfo?> TakeFileAsync(string path, bool keep, CancellationToken cancellationToken) =>
            Task.FromResult<BlobInfo?>(new BlobInfo(Digest.Of(File.ReadAllBytes(path)), new FileInfo(path).Length));

        public Task StageAsync(BlobInfo content, string path, UnixFileMode mode, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class Engine : ICommandEngine
    {
        public string Name => "none";

        public string Environment => "linux/amd64";

        public bool UsesImages => true;

        public bool HasNetwork => true;

        public string? FolderSeenAs => null;

        public async Task<CommandOutcome> RunAsync(CommandRequest request, CancellationToken cancellationToken)
        {
            await File.WriteAllTextAsync(Path.Combine(request.WorkFolder, "data", "o"), "made", cancellationToken);
            return new CommandOutcome(0, null, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
        }
    }
}
