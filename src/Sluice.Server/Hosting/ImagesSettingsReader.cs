using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Adapters.Registry;

namespace Sluice.Server.Hosting;

/// <summary>Reads how images are looked up (<c>SLUICE_IMAGES__…</c>).</summary>
/// <param name="value">The value of a setting by its name, without <c>SLUICE_</c>.</param>
/// <param name="mistakes">Takes what is wrong.</param>
internal sealed partial class ImagesSettingsReader(Func<string, string?> value, List<string> mistakes)
{
    private const string Prefix = "SLUICE_IMAGES__";
    private const int MaxTimeout = 3600;
    private const int MaxWait = 86_400;

    /// <summary>The names of all settings, without <c>SLUICE_</c>.</summary>
    public static readonly string[] Known = ["IMAGES__INSECURE", "IMAGES__PRIVATEHOSTS", "IMAGES__CONFIG", "IMAGES__TIMEOUT", "IMAGES__WAIT"];

    /// <summary>The settings.</summary>
    public ImageOptions Read()
    {
        var defaults = new ImageOptions();
        return new ImageOptions
        {
            Insecure = List("INSECURE", Server(), "registries as host or host:port, with commas between them"),
            PrivateHosts = List("PRIVATEHOSTS", HostPattern(), "hosts without ports, with commas between them; * is any text"),
            ConfigFile = ConfigFile() ?? defaults.ConfigFile,
            Timeout = TimeSpan.FromSeconds(Seconds("TIMEOUT", 1, MaxTimeout) ?? (int)defaults.Timeout.TotalSeconds),
            Wait = TimeSpan.FromSeconds(Seconds("WAIT", 0, MaxWait) ?? (int)defaults.Wait.TotalSeconds),
        };
    }

    private string? Get(string name) => value("IMAGES__" + name);

    private List<string> List(string name, Regex form, string right)
    {
        var items = (Get(name) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var wrong in items.Where(item => !form.IsMatch(item)))
        {
            Report(name, wrong, right);
        }

        return [.. items];
    }

    // The default need not be there; a file that somebody has named must be.
    private string? ConfigFile()
    {
        if (Get("CONFIG") is { } path && !File.Exists(path))
        {
            mistakes.Add($"{Prefix}CONFIG: there is no file '{path}'.");
        }

        return Get("CONFIG") is { } named ? Path.GetFullPath(named) : null;
    }

    private int? Seconds(string name, int least, int most)
    {
        if (Get(name) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds >= least && seconds <= most)
        {
            return seconds;
        }

        Report(name, text, $"a whole number of seconds from {least} to {most}");
        return null;
    }

    private void Report(string name, string wrong, string right) => mistakes.Add($"{Prefix}{name}: '{wrong}' is not right; write {right}.");

    [GeneratedRegex(@"\A([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?\z")]
    private static partial Regex Server();

    [GeneratedRegex(@"\A[A-Za-z0-9.*:-]+\z")]
    private static partial Regex HostPattern();
}
