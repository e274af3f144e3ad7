using Sluice.Cli;
using Sluice.Server.Hosting;

// Before anything else is loaded: the supervisor of local tasks has to start quickly.
return args is [SupervisorProcess.Command]
    ? SupervisorProcess.Run()
    : await CommandLine.RunAsync(args);
