namespace Sluice.Server.Access;

/// <summary>The words for roles, and the policies: which roles an endpoint asks for.</summary>
internal static class Roles
{
    /// <summary>The policy of what looks.</summary>
    public const string Read = "read";

    /// <summary>The policy of what runs, plans and cancels.</summary>
    public const string Run = "run";

    /// <summary>The policy of what looks after the service.</summary>
    public const string Admin = "admin";

    /// <summary>The least role of each policy.</summary>
    public static readonly IReadOnlyDictionary<string, Role> Policies =
        new Dictionary<string, Role> { [Read] = Role.Viewer, [Run] = Role.Runner, [Admin] = Role.Admin };

    private static readonly Dictionary<string, Role> Words = Enum.GetValues<Role>().ToDictionary(Name);

    /// <summary>The words of all roles.</summary>
    public static string List => "viewer, runner or admin";

    /// <summary>The word for a role.</summary>
    public static string Name(Role role) => role.ToString().ToLowerInvariant();

    /// <summary>The words of a role and of those that may more.</summary>
    public static IEnumerable<string> From(Role least) => Enum.GetValues<Role>().Where(role => role >= least).Select(Name);

    /// <summary>The role of a word.</summary>
    public static bool TryParse(string word, out Role role) => Words.TryGetValue(word, out role);
}
