using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Testing.Kubernetes;

namespace Sluice.Testing.StandIn;

/// <summary>One pod: its init containers and its main container as processes of this machine, with volumes, variables and a deadline.</summary>
internal sealed class StandInPod(StandInArgo argo, JsonObject workflow, JsonObject template, Dictionary<string, string> parameters, string name)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private static readonly bool IsRoot = Environment.UserName == "root";

    private readonly string _folder = argo.NewFolder(name);

    /// <summary>Runs it to its end.</summary>
    /// <param name="onRunning">Told when the main container begins.</param>
    /// <param name="shut">Ends it.</param>
    public async Task<PodEnd> RunAsync(Action onRunning, CancellationToken shut)
    {
        Show("Pending", null);
        foreach (var volume in workflow["spec"]!["volumes"]!.AsArray())
        {
            Directory.CreateDirectory(Path.Combine(_folder, volume!["name"]!.ToString()));
        }

        await OwnAsync();
        foreach (var container in template["initContainers"]?.AsArray() ?? [])
        {
            var code = await RunAsync(container!.AsObject(), log: null, TimeSpan.FromMinutes(5), shut);
            if (code != 0)
            {
                Show("Failed", null);
                return new PodEnd("Failed", null, $"{container["name"]}: Error (exit code {code})");
            }
        }

        argo.CountBegun();
        onRunning();
        Show("Running", null);
        var log = argo.Kubernetes.Log(name).Append("time=\"2026-11-23T17:11:36.000Z\" level=info msg=\"capturing logs\" argo=true\n");
        var deadline = TimeSpan.FromSeconds(int.Parse(Fill(template["activeDeadlineSeconds"]!.ToString()), CultureInfo.InvariantCulture));
        var began = Stopwatch.GetTimestamp();
        var exit = await RunAsync(template["container"]!.AsObject(), log, deadline, shut);
        log.Append($"time=\"2026-11-23T17:11:37.000Z\" level=info msg=\"sub-process exited\" argo=true error=\"exit status {exit}\"\n").End();
        Show(exit == 0 ? "Succeeded" : "Failed", exit);
        return exit == 0 ? new PodEnd("Succeeded", 0, "")
            : Stopwatch.GetElapsedTime(began) >= deadline ? new PodEnd("Failed", 143, "Pod was active on the node longer than the specified deadline")
            : shut.IsCancellationRequested ? new PodEnd("Failed", exit, "workflow shutdown with strategy:  Terminate")
            : new PodEnd("Failed", exit, $"main: Error (exit code {exit})");
    }

    private async Task<int> RunAsync(JsonObject container, TestLog? log, TimeSpan deadline, CancellationToken shut)
    {
        var words = CommandOf(container);
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        foreach (var (variable, value) in Variables(container))
        {
            start.Environment[variable] = value;
        }

        using var process = Process.Start(start)!;
        var copying = Task.WhenAll(CopyAsync(process.StandardOutput.BaseStream, log), CopyAsync(process.StandardError.BaseStream, log));
        if (log is not null && argo.LosesPod(name))
        {
            process.Kill(entireProcessTree: true);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(shut);
        limit.CancelAfter(deadline);
        await WaitAsync(process, limit.Token);
        await copying;
        return process.ExitCode;
    }

    private string User => workflow["spec"]!["securityContext"]!["runAsUser"]!.ToString();

    // As a kubelet does: SIGTERM, and after the grace time SIGKILL to all that is there.
    private static async Task WaitAsync(Process process, CancellationToken cancellationToken)
    {
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            using var terminate = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await terminate.WaitForExitAsync(CancellationToken.None);
            using var patience = new CancellationTokenSource(Grace);
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    private static async Task CopyAsync(Stream source, TestLog? log)
    {
        var buffer = new byte[16 * 1024];
        for (int read; (read = await source.ReadAsync(buffer)) > 0;)
        {
            log?.Append(buffer.AsSpan(0, read));
        }
    }

    private IEnumerable<(string Name, string Value)> Variables(JsonObject container)
    {
        // What an image brings.
        yield return ("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        foreach (var (variable, value) in argo.Variables)
        {
            yield return (variable, value);
        }

        yield return ("KUBERNETES_SERVICE_HOST", "10.0.0.1");
        yield return ("ARGO_CONTAINER_NAME", "main");
        yield return ("HOSTNAME", name);
        foreach (var variable in container["env"]?.AsArray() ?? [])
        {
            var from = variable!["valueFrom"];
            yield return (
                variable["name"]!.ToString(),
                variable["value"]?.ToString().Replace("$$", "$", StringComparison.Ordinal)
                    ?? (from!["fieldRef"] is { } field && field["fieldPath"]!.ToString() == "metadata.name" ? name
                        : argo.Secret(from["secretKeyRef"]!["name"]!.ToString(), from["secretKeyRef"]!["key"]!.ToString())));
        }
    }

    private List<string> CommandOf(JsonObject container)
    {
        var words = container["command"]!.AsArray().Concat(container["args"]?.AsArray() ?? []).Select(word => Fill(word!.ToString())).ToList();
        return argo.Images.TryGetValue(container["image"]!.ToString(), out var root)
            ? ["/bin/sh", "-c", "exec unshare --mount --propagation private /bin/sh -c \"$0\" sh \"$@\"", InImage(root, container), .. words]
            : [.. IsRoot ? ["setpriv", "--reuid", User, "--regid", User, "--clear-groups", "--no-new-privs", "--bounding-set", "-all", "--"] : Array.Empty<string>(),
                .. words.Select(word => OnThisMachine(word, container))];
    }

    // What a container engine does: the image as a root that cannot be written to, with /proc, /dev and the volumes.
    private string InImage(string root, JsonObject container) => string.Join(
        " && ",
        [
            $"mount --bind '{root}' '{root}'",
            $"mount --bind /proc '{root}/proc'",
            $"mount --rbind /dev '{root}/dev'",
            .. container["volumeMounts"]!.AsArray().Select(mount => $"mount --bind '{Path.Combine(_folder, mount!["name"]!.ToString())}' '{root}{mount["mountPath"]}'"),
            $"mount -o remount,ro,bind '{root}'",
            $"exec chroot --userspec={User}:{User} '{root}' \"$@\"",
        ]);

    // A volume's mount path is a folder of the pod's; the program of the executor's image is the one that was published.
    private string OnThisMachine(string word, JsonObject container)
    {
        if (word == "/sluice-executor")
        {
            return StandInArgo.Executor;
        }

        foreach (var mount in container["volumeMounts"]!.AsArray())
        {
            var path = mount!["mountPath"]!.ToString();
            if (word == path || word.StartsWith(path + "/", StringComparison.Ordinal))
            {
                return Path.Combine(_folder, mount["name"]!.ToString()) + word[path.Length..];
            }
        }

        return word;
    }

    private string Fill(string text) => parameters.Aggregate(
        text, (filled, parameter) => filled.Replace($"{{{{inputs.parameters.{parameter.Key}}}}}", parameter.Value, StringComparison.Ordinal));

    // The folders are the pod's user's, as fsGroup makes them.
    private async Task OwnAsync()
    {
        if (IsRoot)
        {
            using var chown = Process.Start("chown", ["-R", $"{User}:{User}", _folder]);
            await chown.WaitForExitAsync();
        }
    }

    private void Show(string phase, int? exitCode)
    {
        var labels = new JsonObject { ["workflows.argoproj.io/workflow"] = workflow["metadata"]!["name"]!.ToString() };
        foreach (var (label, value) in (workflow["spec"]!["podMetadata"]?["labels"]?.AsObject() ?? []).Concat(template["metadata"]?["labels"]?.AsObject() ?? []))
        {
            labels[label] = Fill(value!.ToString());
        }

        var state = exitCode is { } code ? new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = code } } : new JsonObject();
        argo.Kubernetes.SetPod(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = labels },
            ["spec"] = new JsonObject { ["nodeName"] = "here" },
            ["status"] = new JsonObject
            {
                ["phase"] = phase,
                ["containerStatuses"] = new JsonArray(new JsonObject { ["name"] = "main", ["state"] = state }),
            },
        });
    }
}
