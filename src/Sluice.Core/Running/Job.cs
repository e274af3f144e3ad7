using Sluice.Core.Jobs;

namespace Sluice.Core.Running;

/// <summary>A registered job: a name and the repository it belongs to.</summary>
/// <param name="Name">The name.</param>
/// <param name="Url">The address as last given, without user info.</param>
/// <param name="Identity">What makes two addresses one repository.</param>
/// <param name="CreatedAt">When it was registered.</param>
public sealed record Job(JobName Name, string Url, string Identity, DateTimeOffset CreatedAt);
