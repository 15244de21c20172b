using Local.Mail;

await MailEmulator.Build(args).RunAsync();
