namespace Sluice.Core.Revisions;

/// <summary>Where a repository is, after the allow-list has let it pass.</summary>
/// <param name="Address">What git is given: without user info in an http URL, absolute for a local path.</param>
/// <param name="Identity">Host and path, without scheme, user, <c>.git</c> and final '/': what makes two addresses one repository.</param>
/// <param name="IsLocal">Whether it is a folder of this machine.</param>
public sealed record RepositoryUrl(string Address, string Identity, bool IsLocal)
{
    /// <summary>The last part of the identity: the default name of a job.</summary>
    public string LastPart => Identity[(Identity.LastIndexOf('/') + 1)..];

    /// <inheritdoc/>
    public override string ToString() => Address;
}
