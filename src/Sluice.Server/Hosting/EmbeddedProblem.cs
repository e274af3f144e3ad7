using Sluice.Client;
using Sluice.Core;
using Sluice.Server.Application;

namespace Sluice.Server.Hosting;

/// <summary>What a service would answer, for who has Sluice embedded.</summary>
public static class EmbeddedProblem
{
    /// <summary>The problem of an error.</summary>
    public static ProblemView Of(SluiceException exception) => Views.Of(exception);
}
