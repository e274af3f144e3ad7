using System.Text.RegularExpressions;
using System.Xml.Linq;
using CliWrap;
using CliWrap.Buffered;
using Sluice.Testing;
using static Sluice.Server.Tests.Deploy.Overlay;

namespace Sluice.Server.Tests.Deploy;

/// <summary>The images: what they are called wherever they are named, and what is in them.</summary>
public sealed partial class ImageTests : IDisposable
{
    private static readonly string Version = XDocument.Load(Path.Combine(Root, "Directory.Build.props")).Descendants("Version").Single().Value;

    private readonly TempFolder _folder = new();

    private static string Dockerfile => File.ReadAllText(Path.Combine(Root, "deploy/Dockerfile")).Replace("\\\n", "", StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public async Task An_overlay_names_the_images_that_make_builds(string name)
    {
        var overlay = await BuildAsync(name);

        Assert.Equal($"sluice:{Version}", Text(overlay.Container["image"]));
        Assert.Equal($"sluice-executor:{Version}", overlay.Settings["SLUICE_ARGO__EXECUTOR_IMAGE"]);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("registry.example.org/team", "registry.example.org/team/")]
    [InlineData("registry.example.org/team/", "registry.example.org/team/")]
    public async Task Make_builds_both_targets_with_the_engine_that_works(string registry, string prefix)
    {
        Engine("docker", "exit 1");
        Engine("podman", $"""[ "$1" = info ] || echo "$@" >> {_folder["calls"]}""");

        var result = await RunAsync("make", "--no-print-directory", "image", $"IMAGE_REGISTRY={registry}");

        Assert.True(result.IsSuccess, result.StandardError);
        Assert.Equal(
            [
                $"build --format docker -f deploy/Dockerfile --target service -t {prefix}sluice:{Version} .",
                $"build --format docker -f deploy/Dockerfile --target executor -t {prefix}sluice-executor:{Version} .",
            ],
            await File.ReadAllLinesAsync(_folder["calls"]));
        Assert.Contains($"{prefix}sluice:{Version} {prefix}sluice-executor:{Version}", result.StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_engine_that_works_make_says_what_is_missing()
    {
        Engine("docker", "exit 1");
        Engine("podman", "exit 1");

        var result = await RunAsync("make", "--no-print-directory", "image");

        Assert.False(result.IsSuccess);
        Assert.Contains("neither Docker nor Podman works here", result.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_images_run_as_the_users_that_the_pods_run_as()
    {
        var service = StageOf("service");
        var security = (await BuildAsync("production")).Of("Deployment", "sluice").Pod!["securityContext"]!;

        Assert.Contains($"\nUSER {Text(security["runAsUser"])}:{Text(security["runAsGroup"])}\n", service, StringComparison.Ordinal);
        Assert.Contains("\nUSER 8737:8737\n", StageOf("executor"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_image_of_the_service_has_what_git_needs_and_says_whether_it_is_healthy()
    {
        var service = StageOf("service");

        Assert.All(["git", "openssh-client", "ca-certificates"], package => Assert.Contains($" {package} ", service, StringComparison.Ordinal));
        Assert.Contains("GET /healthz", service, StringComparison.Ordinal);
        Assert.Contains("\nCMD [\"serve\"]", service, StringComparison.Ordinal);
    }

    [Fact]
    public void The_image_of_the_executor_has_the_program_and_certificates_and_nothing_else()
    {
        var executor = StageOf("executor").TrimEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#');

        Assert.Equal(["FROM", "COPY", "COPY", "USER", "ENTRYPOINT"], executor.Select(line => line.Split(' ')[0]));
        Assert.StartsWith("FROM scratch ", StageOf("executor"), StringComparison.Ordinal);
        Assert.Contains("/etc/ssl/certs/ca-certificates.crt\n", StageOf("executor"), StringComparison.Ordinal);
        Assert.Contains("/sluice-executor\n", StageOf("executor"), StringComparison.Ordinal);
        Assert.Contains("\nENTRYPOINT [\"/sluice-executor\"]", StageOf("executor"), StringComparison.Ordinal);
    }

    [Fact]
    public void Base_images_can_be_swapped_and_are_never_the_latest()
    {
        var bases = From().Matches(Dockerfile).Select(it => it.Groups[1].Value);

        Assert.Equal(["${SDK_IMAGE}", "${SDK_IMAGE}", "scratch", "${RUNTIME_IMAGE}"], bases);
        Assert.All(Argument().Matches(Dockerfile), it => Assert.Matches(":[0-9]+\\.[0-9]+$", it.Value));
    }

    public void Dispose() => _folder.Dispose();

    private static string StageOf(string name) => Dockerfile.Split("\nFROM ").Select(it => "FROM " + it).Single(it => it.Split('\n')[0].EndsWith($" AS {name}", StringComparison.Ordinal));

    private void Engine(string name, string script)
    {
        File.WriteAllText(_folder[name], $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(_folder[name], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task<BufferedCommandResult> RunAsync(string program, params string[] arguments) => await CliWrap.Cli.Wrap(program)
        .WithArguments(arguments)
        .WithWorkingDirectory(Root)
        .WithEnvironmentVariables(it => it.Set("PATH", $"{_folder.Path}:{Environment.GetEnvironmentVariable("PATH")}"))
        .WithValidation(CommandResultValidation.None)
        .ExecuteBufferedAsync();

    [GeneratedRegex("^FROM ([^ ]+)", RegexOptions.Multiline)]
    private static partial Regex From();

    [GeneratedRegex("^ARG .*$", RegexOptions.Multiline)]
    private static partial Regex Argument();
}
