namespace Sluice.Client;

/// <summary>A registered job.</summary>
/// <param name="JobName">Its name.</param>
/// <param name="JobUrl">Its repository.</param>
/// <param name="CreatedAt">When it was registered.</param>
/// <param name="LastRun">Its newest run, without tasks.</param>
public sealed record JobView(string JobName, string JobUrl, DateTimeOffset CreatedAt, RunView? LastRun);
