namespace Sluice.Testing;

/// <summary>Finds the real <c>sluice</c> command that was built beside the tests.</summary>
public static class SluiceBinary
{
    /// <summary>The command's absolute path.</summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        // artifacts/bin/<project>/<configuration>/ is where every project's output goes (UseArtifactsOutput).
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        var path = System.IO.Path.Combine(here.Parent!.Parent!.FullName, "Sluice.Cli", here.Name, "sluice");
        return File.Exists(path) ? path : throw new FileNotFoundException("The sluice command is not built: make build.", path);
    }
}
