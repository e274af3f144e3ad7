namespace Sluice.Adapters.Tests.Argo;

/// <summary>Recorded answers, the call that gets them, and what comes of it; "…" stands for anything.</summary>
internal static class RecordedAnswers
{
    private const string Table = """
        admission-policy-denied-create | submit | BadGateway: the cluster URL: an admission policy of the cluster does not let it in: workflows.argoproj.io "denied-x" is forbidden: … Ask whoever keeps the policy.
        allowed-submitter-create | submit | done
        crd-missing-create | submit | BadGateway: the cluster URL: Argo Workflows is not installed there: it does not know Workflows. Install Argo Workflows, or check the kubeconfig.
        crd-missing-create-namespace-missing | submit | BadGateway: the cluster URL: Argo Workflows is not installed there: it does not know Workflows. Install Argo Workflows, or check the kubeconfig.
        create-alreadyexists | submit | BadGateway: there was a Workflow 'sluice-my-job-aaaaaaa-…' in the namespace 'sluice', and it was deleted meanwhile; run again
        create-annotations-too-long | submit | BadGateway: the cluster URL: it does not take what Sluice sent, which is a defect of Sluice: Workflow.argoproj.io "bigann" is invalid: …
        create-dryrun | submit | done
        create-namespace-notfound | submit | BadGateway: the cluster URL: there is no namespace 'sluice'; make it, or check SLUICE_ARGO__NAMESPACE.
        create-ok | submit | done
        create-ok-generateName | submit | done
        forbidden-anonymous-create | submit | BadGateway: the cluster URL: the account lacks a right: workflows.argoproj.io is forbidden: User "system:anonymous" cannot create resource … Give it this right with a Role.
        forbidden-create | submit | BadGateway: the cluster URL: the account lacks a right: workflows.argoproj.io is forbidden: User "system:serviceaccount:wf:nobody" cannot create … Give it this right with a Role.
        forbidden-other-namespace | submit | BadGateway: the cluster URL: the account lacks a right: workflows.argoproj.io is forbidden: User "system:serviceaccount:wf:submitter" cannot create … Give it this right with a Role.
        invalid-apiversion-mismatch | submit | BadGateway: the cluster URL: it does not take what Sluice sent, which is a defect of Sluice: the API version in the data (argoproj.io/v1beta1) does …
        invalid-container-no-image | submit | done
        invalid-content-type | submit | BadGateway: the cluster URL: it answered 415: the body of the request was in an unknown format - accepted media types include: application/json, …
        invalid-cycle-accepted | submit | done
        invalid-deadline-type | submit | BadGateway: the cluster URL: it does not take what Sluice sent, which is a defect of Sluice: Workflow.argoproj.io "inv3c" is invalid: …
        invalid-empty-body | submit | BadGateway: the cluster URL: it does not take what Sluice sent, which is a defect of Sluice: the object provided is unrecognized (must be of type …
        invalid-json | submit | BadGateway: the cluster URL: it does not take what Sluice sent, which is a defect of Sluice: the object provided is unrecognized (must be of type …
        invalid-kind-mismatch | submit | BadGateway: the cluster URL: it does not take what Sluice sent, which is a defect of Sluice: CronWorkflow.argoproj.io "inv8" is invalid: kind: Invalid value: "CronWorkflow": must be Workflow
        invalid-label-value | submit | BadGateway: the cluster URL: it does not take what Sluice sent, which is a defect of Sluice: Workflow.argoproj.io "inv6" is invalid: metadata.labels: …
        invalid-metadata-name | submit | BadGateway: the cluster URL: it does not take what Sluice sent, which is a defect of Sluice: Workflow.argoproj.io "Bad_Name" is invalid: …
        invalid-missing-dependency-accepted | submit | done
        invalid-namespace-mismatch | submit | BadGateway: the cluster URL: it does not take what Sluice sent, which is a defect of Sluice: the namespace of the provided object does not match the namespace sent on the request
        invalid-no-entrypoint-accepted | submit | done
        invalid-no-name | submit | BadGateway: the cluster URL: it does not take what Sluice sent, which is a defect of Sluice: Workflow.argoproj.io "" is invalid: metadata.name: …
        invalid-no-spec | submit | BadGateway: the cluster URL: it does not take what Sluice sent, which is a defect of Sluice: Workflow.argoproj.io "inv4" is invalid: spec: Required value
        invalid-unknown-field-default | submit | done
        invalid-unknown-field-ignore | submit | done
        invalid-unknown-field-in-container | submit | BadGateway: the cluster URL: its Argo Workflows does not know a field that Sluice writes: Workflow in version "v1alpha1" cannot be handled as a … Update Argo Workflows; with 3.7 or newer this is a defect of Sluice.
        invalid-unknown-field-strict | submit | BadGateway: the cluster URL: its Argo Workflows does not know a field that Sluice writes: Workflow in version "v1alpha1" cannot be handled as a … Update Argo Workflows; with 3.7 or newer this is a defect of Sluice.
        invalid-unknown-template-accepted | submit | done
        invalid-wrong-type | submit | BadGateway: the cluster URL: it does not take what Sluice sent, which is a defect of Sluice: Workflow.argoproj.io "inv3" is invalid: spec.templates: …
        invalid-wrong-type-deep | submit | BadGateway: the cluster URL: it does not take what Sluice sent, which is a defect of Sluice: Workflow.argoproj.io "inv3b" is invalid: …
        method-not-allowed | submit | BadGateway: there was a Workflow 'sluice-my-job-aaaaaaa-…' in the namespace 'sluice', and it was deleted meanwhile; run again
        namespace-terminating-create | submit | BadGateway: the cluster URL: the namespace 'sluice' is being deleted; make it anew, or check SLUICE_ARGO__NAMESPACE.
        quota-exceeded-create | submit | BadGateway: the cluster URL: the quota of the namespace is used up: workflows.argoproj.io "x" is forbidden: exceeded quota: none, requested: … Raise the quota, or wait for other work to end.
        webhook-unreachable-create | submit | Unavailable: the cluster URL: an admission webhook of the cluster does not answer: Internal error occurred: failed calling webhook … Mend the webhook, or take it away.
        too-many-requests | submit once | done
        crd-missing-get | get | BadGateway: the cluster URL: Argo Workflows is not installed there: it does not know Workflows. Install Argo Workflows, or check the kubeconfig.
        forbidden-get | get | BadGateway: the cluster URL: the account lacks a right: workflows.argoproj.io "api-ok" is forbidden: User "system:serviceaccount:wf:nobody" cannot … Give it this right with a Role.
        get-notfound | get | BadGateway: there was a Workflow 'sluice-my-job-aaaaaaa-…' in the namespace 'sluice', and it was deleted meanwhile; run again
        get-ok | get | BadGateway: there is a Workflow 'sluice-my-job-aaaaaaa-…' in the namespace 'sluice' that is not of the run …; delete it, and run again
        get-suspended | get | BadGateway: there is a Workflow 'sluice-my-job-aaaaaaa-…' in the namespace 'sluice' that is not of the run …; delete it, and run again
        wrong-version | get | BadGateway: the cluster URL: Argo Workflows is not installed there: it does not know Workflows. Install Argo Workflows, or check the kubeconfig.
        crd-missing-list | list | BadGateway: the cluster URL: Argo Workflows is not installed there: it does not know Workflows. Install Argo Workflows, or check the kubeconfig.
        fieldselector-bad | list | BadGateway: the cluster URL: it does not take what Sluice sent, which is a defect of Sluice: field label not supported: status.phase
        forbidden-list | list | BadGateway: the cluster URL: the account lacks a right: workflows.argoproj.io is forbidden: User "system:serviceaccount:wf:nobody" cannot list … Give it this right with a Role.
        invalid-accept | list | BadGateway: the cluster URL: it answered 406: only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf
        list-bad-continue | list | BadGateway: the cluster URL: it does not take what Sluice sent, which is a defect of Sluice: invalid continue token: continue key is not valid: …
        list-continue-expired | list | BadGateway: the cluster URL: it answered 410: The provided continue parameter is too old to display a consistent list result. You can start a new …
        list-exact-rv-expired | list | BadGateway: the cluster URL: it answered 410: The resourceVersion for the provided list is too old.
        list-namespace-notfound | list | gone
        list-rv-future | list | Unavailable: the cluster URL: it answered 504: Timeout: Too large resource version: 99999999, current: 1407
        too-many-requests | list | Unavailable: the cluster URL: it is overloaded (429); try again later.
        unauthorized-bad-token | list | BadGateway: the cluster URL: it does not accept the credential (401); renew it, or check the kubeconfig.
        unauthorized-no-cred | list | BadGateway: the cluster URL: the account lacks a right: workflows.argoproj.io is forbidden: User "system:anonymous" cannot list resource "workflows" … Give it this right with a Role.
        wrong-resource | list | BadGateway: the cluster URL: Argo Workflows is not installed there: it does not know Workflows. Install Argo Workflows, or check the kubeconfig.
        list-rv-future | list once | done
        too-many-requests | list once | done
        crd-missing-watch | watch | BadGateway: the cluster URL: Argo Workflows is not installed there: it does not know Workflows. Install Argo Workflows, or check the kubeconfig.
        forbidden-watch | watch | BadGateway: the cluster URL: the account lacks a right: workflows.argoproj.io is forbidden: User "system:serviceaccount:wf:nobody" cannot watch … Give it this right with a Role.
        watch-bookmarks-sendInitialEvents | watch | BadGateway: the cluster URL: it does not take what Sluice sent, which is a defect of Sluice: ListOptions.meta.k8s.io "" is invalid: …
        watch-rv-bad | watch | Unavailable: the cluster URL: it answered 500: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax
        forbidden-watch | watch once | BadGateway: the cluster URL: the account lacks a right: workflows.argoproj.io is forbidden: User "system:serviceaccount:wf:nobody" cannot watch … Give it this right with a Role.
        watch-rv-0 | watch once | done
        watch-rv-1-too-old | watch once | done
        watch-rv-bad | watch once | done
        watch-rv-future | watch once | done
        forbidden-patch | stop | BadGateway: the cluster URL: the account lacks a right: workflows.argoproj.io "api-ok" is forbidden: User "system:serviceaccount:wf:nobody" cannot … Give it this right with a Role.
        patch-conflict-resourceVersion | stop | BadGateway: the cluster URL: it answered 409: Operation cannot be fulfilled on workflows.argoproj.io "api-ok": the object has been modified; please …
        patch-conflict-uid | stop | BadGateway: the cluster URL: it does not take what Sluice sent, which is a defect of Sluice: Workflow.argoproj.io "api-ok" is invalid: metadata.uid: …
        patch-json-test-fails | stop | done
        patch-notfound | stop | done
        patch-ok | stop | done
        patch-strategic-unsupported | stop | BadGateway: the cluster URL: it answered 415: the body of the request was in an unknown format - accepted media types include: …
        forbidden-pod-log | log | BadGateway: the cluster URL: the account lacks a right: pods "dag-two-one-1478651241" is forbidden: User "system:serviceaccount:wf:nobody" cannot get … Give it this right with a Role.
        log-no-container-named | log | BadGateway: the cluster URL: it does not take what Sluice sent, which is a defect of Sluice: a container name must be specified for pod …
        log-of-missing-pod | log | no log
        log-ok | log | log: …out-a/…err-a/…
        log-unknown-container | log | BadGateway: the cluster URL: it does not take what Sluice sent, which is a defect of Sluice: container nope is not valid for pod dag-two-one-1478651241
        log-unscheduled-pod | log | no log
        selector-bad | pods | BadGateway: the cluster URL: it does not take what Sluice sent, which is a defect of Sluice: unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt
        """;

    /// <summary>The rows.</summary>
    public static IReadOnlyList<(string Recording, string Call, string Outcome)> All { get; } =
        [.. Table.Split('\n').Select(line => line.Split(" | ", 3)).Select(line => (line[0], line[1], line[2]))];
}
