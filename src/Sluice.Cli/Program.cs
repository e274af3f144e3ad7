using Sluice.Adapters.Processes;

// Before anything else is loaded: the supervisor starts often and must start quickly.
if (args is [Supervisor.Command])
{
    return Supervisor.Run(Console.In, Console.Out);
}

return 2;
