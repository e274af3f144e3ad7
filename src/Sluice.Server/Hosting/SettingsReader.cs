using System.Collections;
using System.Globalization;
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
        "URLS", "HOSTS", "DATA", "STORE__KIND", "STORE__PUBLISH", "STORE__ENDPOINT", "STORE__REGION", "STORE__BUCKET",
        "STORE__ACCESS_KEY", "STORE__SECRET_KEY", "STORE__PATH_STYLE", "STORE__SINGLE_WRITER", "ENGINE", "PARALLELISM", "RUNS_PER_JOB", "GIT__ALLOWED", "GIT__PRIVATEHOSTS",
        "GIT__FETCHTIMEOUT", "PROCESS__PASS_ENV", "PROCESS__GRACE",
        "PROCESS__ALLOW_REMOTE", "AUTH__TOKENS_FILE", "AUTH__ANONYMOUS", .. ArgoSettingsReader.Known, .. ContainerSettingsReader.Known, .. ImagesSettingsReader.Known,
    ];

    // Read elsewhere: by the command line, and set by Sluice itself for tasks.
    private static readonly HashSet<string> Elsewhere =
        ["SERVER", "SERVER_FILE", "TOKEN", "TOKEN_FILE", "DEBUG", "JOB", "TASK", "COMMIT", "RUN"];

    // The variables of the original service, and what they are called now.
    private static readonly (string Original, string Name)[] Originals =
    [
        ("DATA_PATH", "DATA"), ("PERSISTENT_ADDR", "STORE__ENDPOINT"), ("MINIO_ACCESS_KEY", "STORE__ACCESS_KEY"), ("MINIO_SECRET_KEY", "STORE__SECRET_KEY"),
    ];

    private static readonly string[] NoLongerNeeded = ["TEMPORARY_ADDR", "REDIS_HOST", "REDIS_PORT"];

    /// <summary>Every setting by its name, without <c>SLUICE_</c>.</summary>
    internal static IReadOnlyCollection<string> Names => Known;

    private readonly Dictionary<string, string> _values = [];
    private readonly List<string> _mistakes = [];
    private readonly List<string> _notes = [];
    private Dictionary<string, string> _fromFiles = [];

    /// <summary>The settings of this process.</summary>
    /// <param name="flags">Values from the command line by name without prefix, for example <c>DATA</c>; they win.</param>
    /// <exception cref="SluiceException">With every mistake.</exception>
    public static SluiceSettings Read(IReadOnlyDictionary<string, string> flags)
    {
        var reader = new SettingsReader();
        reader.TakeEnvironment(Environment.GetEnvironmentVariables());
        foreach (var (name, value) in flags)
        {
            reader._values[name] = value;
        }

        reader.TakeFiles();
        var settings = reader.Build();
        return reader._mistakes.Count == 0
            ? settings
            : throw new SluiceException(FaultKind.BadRequest, "invalid-settings", string.Join(Environment.NewLine, reader._mistakes));
    }

    /// <summary>What the environment says of the way to a service: <c>SERVER</c> or <c>TOKEN</c>; null where it says nothing.</summary>
    /// <exception cref="SluiceException">There is no such file.</exception>
    public static string? ReadConnection(string name)
    {
        if (Environment.GetEnvironmentVariable(Prefix + name) is { Length: > 0 } value)
        {
            return value;
        }

        var variable = Prefix + name + FileSuffix;
        return Environment.GetEnvironmentVariable(variable) is not { Length: > 0 } path ? null
            : File.Exists(path) ? ReadValue(path)
            : throw new SluiceException(FaultKind.BadRequest, "invalid-settings", NoFile(variable, path));
    }

    // The state folder's own file wins over the one beside the program, and cannot say where the state folder is.
    private void TakeFiles()
    {
        _fromFiles = SettingsFile.Read(AppContext.BaseDirectory, Known, _mistakes);
        foreach (var (name, value) in SettingsFile.Read(DataFolder(), Known.Except(["DATA"]).ToList(), _mistakes))
        {
            _fromFiles[name] = value;
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

        foreach (var (original, name) in Originals)
        {
            if (variables[original] is string { Length: > 0 } value && Value(name) is null)
            {
                _values[name] = original == "PERSISTENT_ADDR" && !value.Contains("://", StringComparison.Ordinal) ? "http://" + value : value;
            }
        }

        if (variables["PERSISTENT_ADDR"] is string { Length: > 0 } && Value("STORE__KIND") is null)
        {
            _values["STORE__KIND"] = "s3";
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
                _values[name[..^FileSuffix.Length]] = ReadValue(value);
            }
            else
            {
                _mistakes.Add(NoFile(variable, value));
            }
        }
        else if (!Elsewhere.Contains(name))
        {
            _mistakes.Add(NearestName.Find(name, Known) is { } nearest
                ? $"{variable}: there is no such setting; did you mean {Prefix}{nearest}?"
                : $"{variable}: there is no such setting; README.md lists them.");
        }
    }

    private SluiceSettings Build()
    {
        var defaults = new SluiceSettings();
        var engine = Value("ENGINE") ?? defaults.Engine;
        if (engine is not (SluiceSettings.ProcessEngine or SluiceSettings.ContainerEngine or SluiceSettings.ArgoEngine))
        {
            _mistakes.Add($"{Prefix}ENGINE: '{engine}' is not available; write process, container or argo.");
        }

        var isPublishing = Value("STORE__PUBLISH") is not { } publish || publish == "all"
            || (publish != "record" && Report("STORE__PUBLISH", publish, "all or record"));
        defaults.Files.PublishData = isPublishing;
        defaults.Git.Allowed = List("GIT__ALLOWED") ?? defaults.Git.Allowed;
        defaults.Git.PrivateHosts = List("GIT__PRIVATEHOSTS") ?? defaults.Git.PrivateHosts;
        defaults.Git.FetchTimeout = TimeSpan.FromSeconds(Number("GIT__FETCHTIMEOUT", 1, 86_400) ?? (int)defaults.Git.FetchTimeout.TotalSeconds);
        defaults.Process.PassEnv = List("PROCESS__PASS_ENV") ?? defaults.Process.PassEnv;
        defaults.Process.Grace = TimeSpan.FromSeconds(Number("PROCESS__GRACE", 0, 3600) ?? (int)defaults.Process.Grace.TotalSeconds);

        var urls = Value("URLS") ?? defaults.Urls;

        // Whoever works with the state folder is on this machine already, and may read its folders; a service asks who can reach it.
        defaults.Git.AllowLocalPaths = true;
        var state = new StateFolder(DataFolder());
        var s3 = new S3SettingsReader(Value, _mistakes).Read(isPublishing);
        var argo = new ArgoSettingsReader(Value, _mistakes);
        return defaults with
        {
            Urls = urls,
            Engine = engine,
            Access = AccessSettingsReader.Read(Value, urls, runsHere: engine == SluiceSettings.ProcessEngine, _mistakes),
            State = state,
            S3 = s3,
            Images = new ImagesSettingsReader(Value, _mistakes).Read(),
            Container = new ContainerSettingsReader(Value, _mistakes).Read(state, defaults.Process.Grace, engine, isChosen: Value("ENGINE") is not null),
            Argo = argo.Read(s3, engine, isChosen: Value("ENGINE") is not null),
            RunRole = argo.ReadRole(),
            Parallelism = Number("PARALLELISM", 1, 1024) ?? defaults.Parallelism,
            RunsPerJob = Number("RUNS_PER_JOB", 1, 1024) ?? defaults.RunsPerJob,
            Notes = _notes,
        };
    }

    private string DataFolder() => Path.GetFullPath(Value("DATA") ?? SluiceSettings.DefaultData);

    private string? Value(string name) => _values.GetValueOrDefault(name) is { Length: > 0 } value ? value
        : _fromFiles.GetValueOrDefault(name) is { Length: > 0 } fromFile ? fromFile
        : null;

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

    private static string ReadValue(string path) => File.ReadAllText(path).TrimEnd('\n', '\r');

    private static string NoFile(string variable, string path) => $"{variable}: there is no file '{path}'.";

    private bool Report(string name, string value, string right)
    {
        _mistakes.Add($"{Prefix}{name}: '{value}' is not right; write {right}.");
        return false;
    }
}
