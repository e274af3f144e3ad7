using System.Text.Json;
using Sluice.Adapters.Containers;

namespace Sluice.Adapters.Tests.Containers;

/// <summary>What engines say of themselves; those without root are not to be had for a test.</summary>
public sealed class EngineKindTests
{
    [Theory]
    [InlineData("""{"SecurityOptions": ["name=seccomp,profile=default"]}""", false, false, false)]
    [InlineData("""{"SecurityOptions": ["name=seccomp,profile=default", "name=userns"]}""", false, false, true)]
    [InlineData("""{"SecurityOptions": ["name=seccomp,profile=default", "name=rootless", "name=cgroupns"]}""", false, true, false)]
    [InlineData("""{"SecurityOptions": ["name=seccomp,profile=default"], "BuildahVersion": "1.28.0", "Rootless": false}""", true, false, false)]
    [InlineData("""{"SecurityOptions": ["name=seccomp,profile=default"], "BuildahVersion": "1.28.0", "Rootless": true}""", true, true, false)]
    [InlineData("""{"SecurityOptions": ["name=rootless"], "BuildahVersion": "1.40.0", "Rootless": true}""", true, true, false)]
    [InlineData("""{"SecurityOptions": null}""", false, false, false)]
    public void An_engine_says_what_it_does_with_users(string info, bool isPodman, bool isRootless, bool mapsUsers)
    {
        using var json = JsonDocument.Parse(info);

        Assert.Equal(new EngineKind(isPodman, isRootless, mapsUsers), EngineKind.Of(json.RootElement));
    }
}
