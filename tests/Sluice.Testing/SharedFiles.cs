using Xunit;

namespace Sluice.Testing;

/// <summary>Recordings and schemas of real clusters, which are shared beside the project and no part of it.</summary>
public static class SharedFiles
{
    /// <summary>Their folder; tests run in artifacts/bin/&lt;project&gt;/&lt;configuration&gt;, four folders below the project.</summary>
    public static string Folder { get; } =
        Path.Combine(Path.GetDirectoryName(Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../..")))!, "shared", "argo");

    /// <summary>The path of one; skips the test where it is not there.</summary>
    public static string Find(params string[] parts)
    {
        var path = Path.Combine([Folder, .. parts]);
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"{path} is not there: it is shared beside the project, not part of it.");
        return path;
    }
}
