namespace Sluice.Adapters.Tests.Argo;

/// <summary>How each recorded stream ends, as the engine tells it; "…" stands for anything.</summary>
internal static class RecordedEnds
{
    private const string Table = """
        wf-v4.1.2/artifacts-s3 | gen Succeeded; use Succeeded
        wf-v4.1.2/command-missing | command-missing Failed [64 outside: Argo did not find the program to start in the image: failed to find name in PATH: exec: "/no/such/binary": stat /no/such/binary: no such file or directory]
        wf-v4.1.2/dag-two | a Succeeded; b Succeeded
        wf-v4.1.2/deadline-template | deadline-template Failed [143: ran longer than its deadline; raise 'timeout', or make it faster]
        wf-v4.1.2/deadline-workflow | a Failed [143: ran longer than its deadline; raise 'timeout', or make it faster]; b Skipped
        wf-v4.1.2/init-fails | init-fails Failed [- outside: the container 'boom', which comes before the command, failed (exit status 4)]
        wf-v4.1.2/init-static | init-static Succeeded
        wf-v4.1.2/mutex-a | mutex-a Succeeded
        wf-v4.1.2/mutex-b | mutex-b Succeeded
        wf-v4.1.2/nonroot | nonroot Succeeded
        wf-v4.1.2/oom | oom Failed [137: ran out of memory and was killed (exit status 137); raise 'resources.memory', or make it need less]
        wf-v4.1.2/output-missing | output-missing Failed [0 outside: Argo's own container of its pod failed (exit status 64: open /var/run/argo/outputs/parameters/tmp/none: no such file or directory)]
        wf-v4.1.2/outputs | each(0:1) Succeeded; each(1:2) Succeeded; gen Succeeded; use Succeeded
        wf-v4.1.2/parallelism | a Succeeded; b Succeeded; c Succeeded; d Succeeded; e Succeeded
        wf-v4.1.2/podgc | podgc Succeeded
        wf-v4.1.2/retry-exhausted | t Failed [9: exit status 9] [9: exit status 9]; u Skipped
        wf-v4.1.2/retry-then-ok | retry-then-ok Succeeded [5: exit status 5] [5: exit status 5]
        wf-v4.1.2/sa-no-rights | sa-no-rights Failed [0 outside: the pods' service account lacks a right: workflowtaskresults.argoproj.io is forbidden: User "system:serviceaccount:wf:nobody" cannot create resource "workflowtaskresults" in API group "argoproj.io" in the namespace "wf"]
        wf-v4.1.2/steps-loop | each(0:x) Succeeded; each(1:true) Succeeded; each(2:z) Succeeded; last Succeeded
        wf-v4.1.2/task-fails | after-bad Skipped; after-side Succeeded; bad Failed [7: exit status 7]; ok Succeeded; side Succeeded
        wf-v4.1.2/task-fails-nofailfast | after-bad Skipped; after-slow Succeeded; bad Failed [3: exit status 3]; slow Succeeded
        wf-v4.1.2/wftemplate-missing | error: workflowtemplates.argoproj.io "nope" not found
        wf-v4.1.2/when-skip-continue | after Succeeded; bad Failed [2: exit status 2]; skipped Skipped
        wf/api-gen-8xbf4 | api-gen-8xbf4 Succeeded
        wf/api-ok | api-ok Succeeded
        wf/artifact-no-repo | artifact-no-repo Failed [0 outside: Argo's own container of its pod failed (exit status 64: You need to configure artifact storage. …)]
        wf/artifacts-s3 | gen Succeeded; use Succeeded
        wf/by-submitter | by-submitter Succeeded
        wf/command-missing | command-missing Failed [64 outside: Argo did not find the program to start in the image: failed to find name in PATH: exec: "/no/such/binary": stat /no/such/binary: no such file or directory]
        wf/cycle | error: invalid spec: templates.main sorting failed: graph with cycle
        wf/dag-two | a Succeeded; b Succeeded
        wf/deadline-template | deadline-template Failed [143: ran longer than its deadline; raise 'timeout', or make it faster]
        wf/deadline-workflow | a Failed [-: ran longer than its deadline; raise 'timeout', or make it faster]; b Skipped
        wf/fan-out-20 | join Succeeded; t01 Succeeded; t02 Succeeded; t03 Succeeded; t04 Succeeded; t05 Succeeded; t06 Succeeded; t07 Succeeded; t08 Succeeded; t09 Succeeded; t10 Succeeded; t11 Succeeded; t12 Succeeded; t13 Succeeded; t14 Succeeded; t15 Succeeded; t16 Succeeded; t17 Succeeded; t18 Succeeded; t19 Succeeded; t20 Succeeded
        wf/image-missing | image-missing Failed [137 outside: it did not start before its deadline: the image …cannot be pulled: …]
        wf/image-missing-never | image-missing-never Failed [- outside: it did not start before its deadline: the image is not on the node, and must not be pulled: Container image "nope:1" is not present with pull policy of Never]
        wf/init-fails | init-fails Failed [- outside: the container 'boom', which comes before the command, failed (exit status 4)]
        wf/init-static | init-static Succeeded
        wf/inv1 | inv1 Succeeded
        wf/inv2i | inv2i Succeeded
        wf/inv5 | error: invalid spec: templates.main.container.image may not be empty
        wf/killed-137 | killed-137 Failed [137: killed by SIGKILL (exit status 137); most likely it ran out of memory: raise 'resources.memory', or make it need less]
        wf/missing-dep | error: invalid spec: templates.main sorting failed: invalid dependency b
        wf/mutex-a | mutex-a Succeeded
        wf/mutex-b | mutex-b Succeeded
        wf/no-entrypoint | error: invalid spec: spec.entrypoint is required
        wf/nonroot | nonroot Succeeded
        wf/oom | oom Failed [137: killed by SIGKILL (exit status 137); most likely it ran out of memory: raise 'resources.memory', or make it need less]
        wf/output-missing | output-missing Failed [0 outside: Argo's own container of its pod failed (exit status 64: open /var/run/argo/outputs/parameters/tmp/none: no such file or directory)]
        wf/outputs | each(0:1) Succeeded; each(1:2) Succeeded; gen Succeeded; use Succeeded
        wf/parallelism | a Succeeded; b Succeeded; c Succeeded; d Succeeded; e Succeeded
        wf/pod-deleted | pod-deleted Succeeded
        wf/pod-deleted-running | pod-deleted-running Succeeded
        wf/podgc | podgc Succeeded
        wf/python-script | python-script Succeeded
        wf/retry-exhausted | t Failed [9: exit status 9] [9: exit status 9]; u Skipped
        wf/retry-then-ok | retry-then-ok Succeeded [5: exit status 5] [5: exit status 5]
        wf/sa-missing | sa-missing Failed [- outside: its pod has a service account that is not there: pods "sa-missing" is forbidden: error looking up service account wf/no-such-sa: serviceaccount "no-such-sa" not found; make it, or check SLUICE_ARGO__SERVICE_ACCOUNT]
        wf/sa-no-rights | sa-no-rights Failed [0 outside: the pods' service account lacks a right: workflowtaskresults.argoproj.io is forbidden: User "system:serviceaccount:wf:nobody" cannot create resource "workflowtaskresults" in API group "argoproj.io" in the namespace "wf"]
        wf/secret-missing | secret-missing Failed [137 outside: it did not start before its deadline: its container cannot be made: secret "nope" not found]
        wf/steps-loop | each(0:x) Succeeded; each(1:true) Succeeded; each(2:z) Succeeded; last Succeeded
        wf/suspend-resume | after Succeeded
        wf/task-fails | after-bad Skipped; after-side Succeeded; bad Failed [7: exit status 7]; ok Succeeded; side Succeeded
        wf/task-fails-nofailfast | after-bad Skipped; after-slow Succeeded; bad Failed [3: exit status 3]; slow Succeeded
        wf/to-delete | gone; to-delete Waiting
        wf/to-stop | long Failed [143 outside: stopped with its workflow]; to-stop.onExit Succeeded
        wf/to-terminate | long Failed [- outside: stopped with its workflow]
        wf/unknown-template | error: invalid spec: template name 'nope' undefined
        wf/unschedulable | gone; unschedulable Waiting
        wf/volume-missing | volume-missing Failed [- outside: it did not start before its deadline: a volume of its pod cannot be mounted: MountVolume.SetUp failed for volume "v" : secret "nope" not found]
        wf/wftemplate-missing | error: workflowtemplates.argoproj.io "nope" not found
        wf/when-skip-continue | after Succeeded; bad Failed [2: exit status 2]; skipped Skipped
        """;

    /// <summary>The ends by the stream.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } =
        Table.Split('\n').Select(line => line.Split(" | ", 2)).ToDictionary(line => line[0], line => line[1]);
}
