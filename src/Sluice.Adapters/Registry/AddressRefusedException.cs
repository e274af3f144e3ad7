namespace Sluice.Adapters.Registry;

/// <summary>A host has only addresses that are not connected to.</summary>
internal sealed class AddressRefusedException(string host) : IOException($"The addresses of {host} are refused.")
{
    /// <summary>The host.</summary>
    public string Host { get; } = host;
}
