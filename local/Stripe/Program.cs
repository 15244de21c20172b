using Local.Stripe;

await StripeEmulator.Build(args).RunAsync();
