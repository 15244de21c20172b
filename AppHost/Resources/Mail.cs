namespace AppHost.Resources;

/// <summary>Outgoing mail: the emulator's SMTP server, or <c>Smtp:Host</c> and <c>Smtp:Port</c> when configured.</summary>
internal sealed record MailService(string? Host, string? Port, IResourceBuilder<ProjectResource>? Emulator);

internal static class Mail
{
    private const string Staff = "staff@oddgrain.example";
    private const string From = "Oddgrain <shop@oddgrain.example>";

    public static MailService AddMail(this IDistributedApplicationBuilder builder, LocalState state)
    {
        if (builder.Configuration["Smtp:Host"] is { Length: > 0 } host)
            return new(host, builder.Configuration["Smtp:Port"] ?? "587", Emulator: null);

        var emulator = builder.AddService<Projects.Local_Mail>("mail")
            .WithHttpEndpoint(port: builder.PortOf("mail", 8025))
            .WithEndpoint(name: "smtp", port: builder.PortOf("smtp", 1025), scheme: "tcp", env: "Mail__SmtpPort")
            .WithHttpHealthCheck("/health")
            .WithEnvironment("Mail__DataFolder", state.Folder("mail"));
        return new(null, null, emulator);
    }

    public static IResourceBuilder<T> WithMail<T>(this IResourceBuilder<T> service, MailService mail)
        where T : IResourceWithEnvironment, IResourceWithWaitSupport
    {
        service.WithEnvironment("Smtp__From", From).WithEnvironment("Mail__StaffRecipients__0", Staff);
        if (service.ApplicationBuilder.Configuration["Mail:Language"] is { Length: > 0 } language)
            service.WithEnvironment("Mail__Language", language);
        if (mail.Emulator is not { } emulator)
            return service.WithEnvironment("Smtp__Host", mail.Host).WithEnvironment("Smtp__Port", mail.Port);

        var smtp = emulator.GetEndpoint("smtp");
        return service
            .WithEnvironment("Smtp__Host", ReferenceExpression.Create($"{smtp.Property(EndpointProperty.Host)}"))
            .WithEnvironment("Smtp__Port", ReferenceExpression.Create($"{smtp.Property(EndpointProperty.Port)}"))
            .WaitFor(emulator);
    }
}
