namespace Sluice.Cli;

/// <summary>The exit statuses of the contract (section 5).</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Mistake = 2;
    public const int WouldRun = 3;
    public const int Outside = 4;
    public const int Interrupted = 130;
}
