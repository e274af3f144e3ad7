using Sluice.Core.Jobs;

namespace Sluice.Adapters.Yaml;

/// <summary>Reads the entry <c>$job</c>.</summary>
internal sealed class JobReader(FieldReader fields)
{
    private static readonly string[] Known = ["name", "code_dir", "data_dir", "shared", "environment_files", "defaults"];

    /// <summary>The settings, and the defaults of the tasks.</summary>
    public (JobSettings Settings, JobTask Defaults) Read(YamlNode node)
    {
        var settings = new JobSettings();
        var defaults = TaskReader.Empty;
        var tasks = new TaskReader(fields);
        if (node is not (YamlMap or YamlScalar { IsNull: true }))
        {
            fields.Doubt("code_dir");
            fields.Doubt("data_dir");
        }

        foreach (var (key, value) in fields.Entries("$job", node))
        {
            switch (key.Text)
            {
                case "name":
                    settings = settings with { Name = Name(value) };
                    break;
                case "code_dir":
                    settings = settings with { CodeFolder = fields.Read(key.Text, () => Folder("code_dir", value)) };
                    break;
                case "data_dir":
                    settings = settings with { DataFolder = fields.Read(key.Text, () => Folder("data_dir", value)) ?? settings.DataFolder };
                    break;
                case "shared":
                    settings = settings with { Shared = tasks.Globs("shared", value) };
                    break;
                case "environment_files":
                    settings = settings with { EnvironmentFiles = tasks.Globs("environment_files", value) };
                    break;
                case "defaults" when value is YamlMap map:
                    defaults = tasks.ReadDefaults(map);
                    break;
                case "defaults":
                    fields.Entries("defaults", value);
                    break;
                default:
                    fields.Unknown(key, Known, new HashSet<string>());
                    break;
            }
        }

        return (settings, defaults);
    }

    private JobName? Name(YamlNode value)
    {
        var text = fields.Text("name", value, name => JobName.TryParse(name, out _), "Use 1 to 63 of a-z, 0-9, '_' and '-', and begin with a letter or a digit.");
        return JobName.TryParse(text, out var name) ? name : null;
    }

    private RepoPath? Folder(string field, YamlNode value)
    {
        if (value is YamlScalar { Text: "." or "./" })
        {
            fields.Report(value, $"'{field}' is the root of the repository.", "Name a folder below it.");
            return null;
        }

        return fields.Text(field, value) is { } text ? fields.Path(field, text, value) : null;
    }
}
