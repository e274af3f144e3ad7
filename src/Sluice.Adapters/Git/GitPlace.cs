namespace Sluice.Adapters.Git;

/// <summary>Where git runs.</summary>
/// <param name="Folder">The repository.</param>
/// <param name="IsMirror">Whether it is one of Sluice's own, or else somebody's checkout or bare repository.</param>
internal readonly record struct GitPlace(string Folder, bool IsMirror)
{
    /// <summary>A bare repository that only Sluice writes.</summary>
    public static GitPlace Mirror(string folder) => new(folder, IsMirror: true);

    /// <summary>A repository of the user's, found from a folder in it.</summary>
    public static GitPlace Checkout(string folder) => new(folder, IsMirror: false);
}
