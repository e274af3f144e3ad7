using Xunit;

namespace Sluice.Testing;

/// <summary>The real container engine that <c>make test</c> starts.</summary>
public static class TestContainers
{
    /// <summary>The environment variable with its address.</summary>
    public const string Variable = "TEST_CONTAINER_HOST";

    /// <summary>An image with a shell, a variable, and an entrypoint that gets in the way.</summary>
    public const string Image = "localhost/sluice-test:1";

    /// <summary>An image with a program called <c>cat</c> and nothing else.</summary>
    public const string BareImage = "localhost/sluice-bare:1";

    /// <summary>Its address.</summary>
    public static Uri Host
    {
        get
        {
            Require();
            return new Uri(Address!);
        }
    }

    private static string? Address => Environment.GetEnvironmentVariable(Variable);

    /// <summary>Skips the test where there is none.</summary>
    public static void Require() =>
        Assert.SkipWhen(Address is null, $"needs a container engine: scripts/podman.sh start SOCKET, then {Variable}=unix://SOCKET; make test does both");

    /// <summary>The settings of a service that runs its tasks there.</summary>
    public static (string Name, string Value)[] Settings() =>
        [("SLUICE_ENGINE", "container"), ("SLUICE_CONTAINER__HOST", Host.AbsoluteUri), ("SLUICE_CONTAINER__PULL", "never")];
}
