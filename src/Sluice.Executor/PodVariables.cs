using System.Text.RegularExpressions;

namespace Sluice.Executor;

/// <summary>
/// Tells the variables of the image, which its programs need, from those of the pod: Kubernetes', Argo's and our own, which differ from pod to pod
/// and must not change a result.
/// </summary>
internal static partial class PodVariables
{
    /// <summary>Whether a variable is the pod's.</summary>
    public static bool IsOfThePod(string name) => Pods().IsMatch(name);

    // Where `enableServiceLinks` is on, there are variables for every service of the namespace, nearly all of this form; X_PORT may be the image's.
    [GeneratedRegex("^(ARGO_.*|KUBERNETES_.*|SLUICE_.*|STORE_.*|POD_NAME|HOSTNAME|.*_SERVICE_HOST|.*_SERVICE_PORT(_.*)?|.*_PORT_[0-9]+_(TCP|UDP|SCTP)(_.*)?)$")]
    private static partial Regex Pods();
}
