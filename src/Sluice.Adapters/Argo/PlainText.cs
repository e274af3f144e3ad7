namespace Sluice.Adapters.Argo;

/// <summary>Keeps Argo and Kubernetes from reading more into a text than stands there.</summary>
internal static class PlainText
{
    /// <summary>A text of a user's, where Argo would put values in place of <c>{{…}}</c>: without braces.</summary>
    public static string WithoutTemplates(string text) => text.Replace('{', '(').Replace('}', ')');

    /// <summary>A text in a command or a variable, where Kubernetes would put values in place of <c>$(…)</c>.</summary>
    public static string WithoutExpansion(string text) => text.Replace("$", "$$", StringComparison.Ordinal);
}
