using Xunit;

namespace Sluice.Testing;

/// <summary>The real container engines that <c>make test</c> starts.</summary>
public static class TestContainers
{
    /// <summary>The environment variable with Podman's address, or that of any other.</summary>
    public const string Variable = "TEST_CONTAINER_HOST";

    /// <summary>The environment variable with the address of a Docker beside it.</summary>
    public const string DockerVariable = "TEST_DOCKER_HOST";

    /// <summary>An image with a shell, a variable, and an entrypoint that gets in the way.</summary>
    public const string Image = "localhost/sluice-test:1";

    /// <summary>An image with a program called <c>cat</c> and nothing else.</summary>
    public const string BareImage = "localhost/sluice-bare:1";

    /// <summary>Podman's address; skips the test where there is none.</summary>
    public static Uri Host
    {
        get
        {
            Require();
            return new Uri(Address(Variable)!);
        }
    }

    /// <summary>Docker's; likewise.</summary>
    public static Uri Docker
    {
        get
        {
            Assert.SkipWhen(Address(DockerVariable) is null, $"needs Docker: {DockerVariable}=$(scripts/docker.sh start); make test does it");
            return new Uri(Address(DockerVariable)!);
        }
    }

    /// <summary>Skips the test where there is none.</summary>
    public static void Require() => Assert.SkipWhen(
        Address(Variable) is null, $"needs a container engine: scripts/podman.sh start SOCKET, then {Variable}=unix://SOCKET; make test does both");

    /// <summary>The settings of a service that runs its tasks there.</summary>
    /// <param name="host">Where; Podman, where nothing is said.</param>
    public static (string Name, string Value)[] Settings(Uri? host = null) =>
        [("SLUICE_ENGINE", "container"), ("SLUICE_CONTAINER__HOST", (host ?? Host).AbsoluteUri), ("SLUICE_CONTAINER__PULL", "never")];

    private static string? Address(string variable) => Environment.GetEnvironmentVariable(variable);
}
