using Local.PagerDuty;

await PagerDutyEmulator.Build(args).RunAsync();
