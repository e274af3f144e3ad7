using Sluice.Adapters.Argo;
using Sluice.Adapters.Containers;
using Sluice.Adapters.Git;
using Sluice.Adapters.Registry;
using Sluice.Processes;
using Sluice.Core.Running;
using Sluice.Server.Access;
using Sluice.Store.Files;
using Sluice.Store.S3;

namespace Sluice.Server.Hosting;

/// <summary>How Sluice is set up (contract, section 6); made by <see cref="SettingsReader"/>, which has checked it.</summary>
public sealed record SluiceSettings
{
    /// <summary>Tasks run as processes of this machine.</summary>
    public const string ProcessEngine = "process";

    /// <summary>Tasks run as containers of this machine.</summary>
    public const string ContainerEngine = "container";

    /// <summary>Tasks run as pods of Argo Workflows.</summary>
    public const string ArgoEngine = "argo";

    /// <summary>Where the service listens.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:8000";

    /// <summary>Who may do what there.</summary>
    public AccessSettings Access { get; init; } = new() { Anonymous = Role.Runner };

    /// <summary>The state folder.</summary>
    public StateFolder State { get; init; } = new(DefaultData);

    /// <summary>Where tasks run.</summary>
    public string Engine { get; init; } = ProcessEngine;

    /// <summary>How they run as containers; null where they do not.</summary>
    public ContainerOptions? Container { get; init; }

    /// <summary>How they run on Argo.</summary>
    public WorkflowOptions Argo { get; init; } = new();

    /// <summary>Whose rights the pods of a run get a part of; null where all runs share a credential that is there.</summary>
    public S3RoleOptions? RunRole { get; init; }

    /// <summary>Most commands at once.</summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>Most runs of one job at once.</summary>
    public int RunsPerJob { get; init; } = 2;

    /// <summary>Which repositories may be read.</summary>
    public GitOptions Git { get; init; } = new();

    /// <summary>How images are looked up.</summary>
    public ImageOptions Images { get; init; } = new();

    /// <summary>How tasks run as processes.</summary>
    public ProcessOptions Process { get; init; } = new();

    /// <summary>How results are kept on files.</summary>
    public FileStoreOptions Files { get; init; } = new();

    /// <summary>Where results are kept on S3; null keeps them on files.</summary>
    public S3Options? S3 { get; init; }

    /// <summary>What a person should know although it is no mistake.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary><c>~/.local/share/sluice</c>.</summary>
    public static string DefaultData => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "sluice");
}
