using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Sluice.Adapters.Containers;
using Sluice.Core.Running;

namespace Sluice.Server.Hosting;

/// <summary>Reads the settings of the engine for containers (<c>SLUICE_CONTAINER__…</c>).</summary>
/// <param name="value">The value of a setting by its name, without <c>SLUICE_</c>.</param>
/// <param name="mistakes">Takes what is wrong.</param>
internal sealed partial class ContainerSettingsReader(Func<string, string?> value, List<string> mistakes)
{
    private const string Prefix = "SLUICE_CONTAINER__";

    // Debian's "nobody": owns nothing.
    private const string Nobody = "65534:65534";

    private const string Docker = "/var/run/docker.sock";

    /// <summary>The names of all settings, without <c>SLUICE_</c>.</summary>
    public static readonly string[] Known =
        ["CONTAINER__HOST", "CONTAINER__USER", "CONTAINER__PIDS", "CONTAINER__CPU", "CONTAINER__MEMORY", "CONTAINER__PULL", "CONTAINER__NETWORK"];

    /// <summary>The settings; null where another engine is used.</summary>
    /// <param name="state">The state folder, whose containers these are.</param>
    /// <param name="grace">Time between SIGTERM and SIGKILL.</param>
    /// <param name="engine">Where tasks run.</param>
    /// <param name="isChosen">Whether somebody said so.</param>
    public ContainerOptions? Read(StateFolder state, TimeSpan grace, string engine, bool isChosen)
    {
        if (engine != SluiceSettings.ContainerEngine)
        {
            // Who names another engine has these settings for other commands.
            mistakes.AddRange(Known.Where(name => !isChosen && value(name) is not null).Select(name => $"SLUICE_{name}: is for containers; set SLUICE_ENGINE=container too."));
            return null;
        }

        var own = $"{UserId()}:{GroupId()}";
        var isRoot = own.StartsWith("0:", StringComparison.Ordinal);
        var user = User(isRoot ? Nobody : own);
        if (!isRoot && user != own)
        {
            mistakes.Add($"{Prefix}USER: a service that is not root can only run tasks as its own user, {own}; it could not remove what another one leaves.");
        }

        return new ContainerOptions
        {
            Host = Host(),
            User = user,
            HandsFoldersOver = isRoot && user != own,
            State = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(state.Root)))[..32],
            Pids = Pids() ?? ContainerOptions.DefaultPids,
            Cpu = Quantity("CPU"),
            Memory = Quantity("MEMORY"),
            Pulls = Pulls(),
            Network = Network(),
            Grace = grace,
        };
    }

    private string? Get(string name) => value("CONTAINER__" + name);

    // The first that is there; where none is, Docker's is named in what the engine says of it.
    private Uri Host()
    {
        var text = Get("HOST") ?? Environment.GetEnvironmentVariable("DOCKER_HOST");
        if (string.IsNullOrEmpty(text))
        {
            var sockets = new[] { Docker, "/run/podman/podman.sock", Path.Combine(Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") ?? "/run", "podman/podman.sock") };
            return new Uri("unix://" + (Array.Find(sockets, File.Exists) ?? Docker));
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && uri is { Scheme: "unix", Host: "", AbsolutePath.Length: > 1 } or { Scheme: "tcp" or "http", PathAndQuery: "/", UserInfo: "" })
        {
            return uri;
        }

        Report(Get("HOST") is null ? "DOCKER_HOST" : Prefix + "HOST", text, "the address of an engine on this machine, unix:///path or tcp://host:port");
        return new Uri("unix://" + Docker);
    }

    private string User(string own)
    {
        if (Get("USER") is not { } text)
        {
            return own;
        }

        if (UserAndGroup().IsMatch(text))
        {
            return text.Contains(':', StringComparison.Ordinal) ? text : $"{text}:{text}";
        }

        Report(Prefix + "USER", text, "numbers as uid:gid");
        return own;
    }

    private int? Pids()
    {
        if (Get("PIDS") is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 16 and <= 4_194_304)
        {
            return number;
        }

        Report(Prefix + "PIDS", text, "a whole number from 16 to 4194304");
        return null;
    }

    private string? Quantity(string name)
    {
        if (Get(name) is { } text && !Amount().IsMatch(text))
        {
            Report(Prefix + name, text, "an amount in Kubernetes' notation, for example 500m or 1Gi");
        }

        return Get(name);
    }

    private bool Pulls()
    {
        var text = Get("PULL") ?? "missing";
        if (text is not ("missing" or "never"))
        {
            Report(Prefix + "PULL", text, "missing or never");
        }

        return text == "missing";
    }

    // Another container's is no network of the engine's.
    private string? Network()
    {
        if (Get("NETWORK") is not { } text || text == "none")
        {
            return null;
        }

        if (!NetworkName().IsMatch(text) || text is "true" or "false")
        {
            Report(Prefix + "NETWORK", text, "the name of a network of the engine, such as bridge, or none");
        }

        return text;
    }

    private void Report(string name, string wrong, string right) => mistakes.Add($"{name}: '{wrong}' is not right; write {right}.");

    [DllImport("libc", EntryPoint = "geteuid"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint UserId();

    [DllImport("libc", EntryPoint = "getegid"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint GroupId();

    [GeneratedRegex(@"\A[0-9]{1,9}(:[0-9]{1,9})?\z")]
    private static partial Regex UserAndGroup();

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}\z")]
    private static partial Regex NetworkName();

    [GeneratedRegex("^[0-9]+([.][0-9]+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?$")]
    private static partial Regex Amount();
}
