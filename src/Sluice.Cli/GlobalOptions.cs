using System.CommandLine;

namespace Sluice.Cli;

/// <summary>The options that every command takes.</summary>
internal static class GlobalOptions
{
    public static readonly Option<string> Data = new("--data") { Description = "The state folder (SLUICE_DATA; ~/.local/share/sluice)", Recursive = true, HelpName = "DIR" };

    public static readonly Option<string> Server = new("--server") { Description = "A service to talk to (SLUICE_SERVER)", Recursive = true, HelpName = "URL" };

    public static readonly Option<string> Repository = new("-C") { Description = "The repository: a folder or an address", Recursive = true, HelpName = "DIR|URL", DefaultValueFactory = _ => "." };

    public static readonly Option<string> Job = new("--job") { Description = "The job, where $job.name or the address does not name it", Recursive = true, HelpName = "NAME" };

    public static readonly Option<bool> Json = new("--json") { Description = "Print JSON", Recursive = true };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Option> All => [Data, Server, Repository, Job, Json];
}
