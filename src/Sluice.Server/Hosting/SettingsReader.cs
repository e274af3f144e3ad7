using System.Collections;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Sluice.Core;
using Sluice.Core.Running;

namespace Sluice.Server.Hosting;

/// <summary>Reads <c>appsettings.json</c>, the environment and flags, later ones winning; reports every mistake at once.</summary>
public sealed class SettingsReader
{
    private const string Prefix = "SLUICE_";
    private const string FileSuffix = "_FILE";

    private static readonly string[] Known =
    [
        "URLS", "DATA", "STORE__KIND", "STORE__PUBLISH", "ENGINE", "PARALLELISM", "RUNS_PER_JOB", "GIT__ALLOWED", "GIT__PRIVATEHOSTS",
        "GIT__FETCHTIMEOUT", "PROCESS__PASS_ENV", "PROCESS__GRACE",
    ];

    // Read elsewhere: by the command line, and set by Sluice itself for tasks.
    private static readonly HashSet<string> Elsewhere =
        ["SERVER", "TOKEN", "DEBUG", "JOB", "TASK", "COMMIT", "RUN"];

    private static readonly string[] NoLongerNeeded = ["TEMPORARY_ADDR", "REDIS_HOST", "REDIS_PORT"];

    private readonly Dictionary<string, string> _values = [];
    private readonly List<string> _mistakes = [];
    private readonly List<string> _notes = [];

    /// <summary>The settings of this process.</summary>
    /// <param name="flags">Values from the command line by name without prefix, for example <c>DATA</c>; they win.</param>
    /// <exception cref="SluiceException">With every mistake.</exception>
    public static SluiceSettings Read(IReadOnlyDictionary<string, string> flags)
    {
        var reader = new SettingsReader();
        reader.TakeFile("appsettings.json");
        reader.TakeEnvironment(Environment.GetEnvironmentVariables());
        foreach (var (name, value) in flags)
        {
            reader._values[name] = value;
        }

        var settings = reader.Build();
        return reader._mistakes.Count == 0
            ? settings
            : throw new SluiceException(FaultKind.BadRequest, "invalid-settings", string.Join(Environment.NewLine, reader._mistakes));
    }

    private void TakeFile(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            if (document.RootElement.TryGetProperty("Sluice", out var section))
            {
                Flatten("", section);
            }
        }
        catch (JsonException exception)
        {
            _mistakes.Add($"{path}: not JSON: {exception.Message}");
        }
    }

    private void Flatten(string prefix, JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
            {
                Flatten(prefix.Length == 0 ? property.Name.ToUpperInvariant() : $"{prefix}__{property.Name.ToUpperInvariant()}", property.Value);
            }
        }
        else if (!Known.Contains(prefix))
        {
            _mistakes.Add($"appsettings.json: there is no setting Sluice:{prefix.Replace("__", ":", StringComparison.Ordinal)}.");
        }
        else
        {
            _values[prefix] = element.ValueKind == JsonValueKind.Array
                ? string.Join(',', element.EnumerateArray().Select(item => item.ToString()))
                : element.ToString();
        }
    }

    private void TakeEnvironment(IDictionary variables)
    {
        foreach (DictionaryEntry variable in variables)
        {
            var name = (string)variable.Key;
            var value = (string?)variable.Value ?? "";
            if (name.StartsWith(Prefix, StringComparison.Ordinal))
            {
                Take(name, name[Prefix.Length..], value);
            }
        }

        if (variables["DATA_PATH"] is string { Length: > 0 } data)
        {
            _values.TryAdd("DATA", data);
        }

        if (variables["PERSISTENT_ADDR"] is string { Length: > 0 })
        {
            _mistakes.Add("PERSISTENT_ADDR: S3 comes with a later release; unset it to keep results on files.");
        }

        _notes.AddRange(NoLongerNeeded.Where(name => variables[name] is string { Length: > 0 }).Select(name => $"{name} is no longer needed."));
    }

    private void Take(string variable, string name, string value)
    {
        if (Known.Contains(name))
        {
            _values[name] = value;
        }
        else if (name.EndsWith(FileSuffix, StringComparison.Ordinal) && Known.Contains(name[..^FileSuffix.Length]))
        {
            if (File.Exists(value))
            {
                _values[name[..^FileSuffix.Length]] = File.ReadAllText(value).TrimEnd('\n', '\r');
            }
            else
            {
                _mistakes.Add($"{variable}: there is no file '{value}'.");
            }
        }
        else if (name.StartsWith("AUTH__", StringComparison.Ordinal))
        {
            _mistakes.Add($"{variable}: access control comes with a later release; unset it.");
        }
        else if (!Elsewhere.Contains(name))
        {
            _mistakes.Add($"{variable}: there is no such setting; the settings are {string.Join(", ", Known.Select(known => Prefix + known))}.");
        }
    }

    private SluiceSettings Build()
    {
        var defaults = new SluiceSettings();
        Only("STORE__KIND", "files", "s3 comes with a later release");
        Only("ENGINE", "process", "container and argo come with a later release");
        var isPublishing = Value("STORE__PUBLISH") is not { } publish || publish == "all"
            || (publish != "record" && Report("STORE__PUBLISH", publish, "all or record"));
        defaults.Store.PublishData = isPublishing;
        defaults.Git.Allowed = List("GIT__ALLOWED") ?? defaults.Git.Allowed;
        defaults.Git.PrivateHosts = List("GIT__PRIVATEHOSTS") ?? defaults.Git.PrivateHosts;
        defaults.Git.FetchTimeout = TimeSpan.FromSeconds(Number("GIT__FETCHTIMEOUT", 1, 86_400) ?? (int)defaults.Git.FetchTimeout.TotalSeconds);
        defaults.Process.PassEnv = List("PROCESS__PASS_ENV") ?? defaults.Process.PassEnv;
        defaults.Process.Grace = TimeSpan.FromSeconds(Number("PROCESS__GRACE", 0, 3600) ?? (int)defaults.Process.Grace.TotalSeconds);

        // Whoever can reach a loopback service is on this machine already, and may read its folders.
        defaults.Git.AllowLocalPaths = true;
        return defaults with
        {
            Urls = CheckUrls(Value("URLS") ?? defaults.Urls),
            State = new StateFolder(Path.GetFullPath(Value("DATA") ?? SluiceSettings.DefaultData)),
            Parallelism = Number("PARALLELISM", 1, 1024) ?? defaults.Parallelism,
            RunsPerJob = Number("RUNS_PER_JOB", 1, 1024) ?? defaults.RunsPerJob,
            Notes = _notes,
        };
    }

    private string CheckUrls(string urls)
    {
        foreach (var url in urls.Split(';'))
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme != "http")
            {
                Report("URLS", url, "an address like http://127.0.0.1:8000");
            }
            else if (!(uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address))))
            {
                _mistakes.Add($"{Prefix}URLS: '{url}' is not a loopback address; without access control, which comes with a later release, the service listens on loopback only.");
            }
        }

        return urls;
    }

    private void Only(string name, string only, string later)
    {
        if (Value(name) is { } value && value != only)
        {
            _mistakes.Add($"{Prefix}{name}: '{value}' is not available; {later}, use {only}.");
        }
    }

    private string? Value(string name) => _values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    private List<string>? List(string name) => Value(name)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToList();

    private int? Number(string name, int min, int max)
    {
        if (Value(name) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        Report(name, text, $"a whole number from {min} to {max}");
        return null;
    }

    private bool Report(string name, string value, string right)
    {
        _mistakes.Add($"{Prefix}{name}: '{value}' is not right; write {right}.");
        return false;
    }
}
