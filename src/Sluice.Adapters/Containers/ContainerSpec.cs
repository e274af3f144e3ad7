using Docker.DotNet.Models;
using Sluice.Core.Running;

namespace Sluice.Adapters.Containers;

/// <summary>What a command's container looks like. See docs/design/containers.md.</summary>
internal static class ContainerSpec
{
    /// <summary>Where every command sees the folder of its attempt, whatever it is called on the machine: results must not depend on that.</summary>
    public const string Folder = "/sluice";

    /// <summary>Says whose container it is.</summary>
    public const string StateLabel = "dev.sluice.state";

    private const decimal Billion = 1e9m;

    /// <summary>The container.</summary>
    /// <param name="request">The command.</param>
    /// <param name="options">The settings.</param>
    /// <param name="user">The user inside.</param>
    /// <param name="hasInit">Whether a process of the engine comes first, which passes signals on and reaps orphans.</param>
    public static CreateContainerParameters Of(CommandRequest request, ContainerOptions options, ContainerUser user, bool hasInit)
    {
        var argv = InOrder(request.Argv);
        return new CreateContainerParameters
        {
            Image = request.Image,

            // In place of the image's entrypoint, which may be anything; with it the image's command goes too.
            Entrypoint = [argv[0]],
            Cmd = [.. argv.Skip(1)],
            Env = [.. request.Variables.Select(pair => $"{pair.Key}={pair.Value}")],
            WorkingDir = Inside(request, request.WorkFolder),
            User = user.Inside,
            Hostname = "sluice",
            StopSignal = "SIGTERM",
            AttachStdout = true,
            AttachStderr = true,
            Healthcheck = new HealthConfig { Test = ["NONE"] },
            Labels = new Dictionary<string, string>
            {
                [StateLabel] = options.State,
                ["dev.sluice.run"] = request.Run?.Value ?? "",
                ["dev.sluice.task"] = request.Task?.Value ?? "",
            },
            HostConfig = HostOf(request, options, hasInit, user.Namespace),
        };
    }

    private static HostConfig HostOf(CommandRequest request, ContainerOptions options, bool hasInit, string? userNamespace)
    {
        var memory = MemoryOf(request, options) ?? 0;
        return new HostConfig
        {
            NetworkMode = request.UsesNetwork && options.Network is { } network ? network : "none",
            ReadonlyRootfs = true,
            CapDrop = ["ALL"],
            SecurityOpt = ["no-new-privileges"],
            PidsLimit = options.Pids,
            Memory = memory,

            // Memory and swap together: no swap.
            MemorySwap = memory,
            NanoCPUs = Quantity.Of(request.Resources?.Cpu ?? options.Cpu, Billion) ?? 0,
            DeviceRequests = request.Resources is { Gpu: > 0 and var count } ? [new DeviceRequest { Count = count, Capabilities = [["gpu"]] }] : null,
            Init = hasInit,
            UsernsMode = userNamespace,

            // The output is read as it comes; a second copy with the engine would grow without a limit.
            LogConfig = new LogConfig { Type = "none" },
            Mounts = MountsOf(request),
            Tmpfs = request.TemporaryFolder is null ? new Dictionary<string, string> { ["/tmp"] = "rw,nosuid,nodev,mode=1777" } : null,
        };
    }

    /// <summary>The limit of its memory in bytes; null where it has none.</summary>
    public static long? MemoryOf(CommandRequest request, ContainerOptions options) => Quantity.Of(request.Resources?.Memory ?? options.Memory);

    // Both outputs are pipes of their own, which the engine reads in no order. Where there is a shell, it makes one of them first; the other
    // images have none, and their outputs come as the engine reads them.
    private static IReadOnlyList<string> InOrder(IReadOnlyList<string> argv) =>
        argv[0] == "/bin/sh" ? ["/bin/sh", "-c", "exec \"$@\" 2>&1", "sh", .. argv] : argv;

    private static List<Mount> MountsOf(CommandRequest request)
    {
        var mounts = new List<Mount> { Bind(request.Folder ?? request.WorkFolder, Folder) };
        if (request.TemporaryFolder is { } temporary)
        {
            mounts.Add(Bind(temporary, "/tmp"));
        }

        return mounts;
    }

    private static Mount Bind(string source, string target) => new() { Type = "bind", Source = source, Target = target };

    private static string Inside(CommandRequest request, string path) => Path.GetRelativePath(request.Folder ?? request.WorkFolder, path) is var below && below == "."
        ? Folder
        : $"{Folder}/{below}";
}
