namespace Worker.Jobs;

/// <summary>The job system as a service of a host.</summary>
public static class Registration
{
    /// <summary>Takes and runs the jobs that <paramref name="register"/> names. Needs the job relay of Commerce.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services, Action<JobCatalog> register)
    {
        var catalog = new JobCatalog();
        register(catalog);
        services.AddSingleton(catalog);
        services.AddSingleton<RunningJobs>();
        services.AddSingleton<JobSettler>();
        services.AddSingleton<JobRunner>();
        services.AddHostedService<JobPump>();
        services.AddHostedService<JobGauges>();
        return services;
    }

    /// <summary>Lets recurring tasks enqueue their jobs, whose kinds this or another worker runs.</summary>
    public static IServiceCollection AddSchedule(this IServiceCollection services, IReadOnlyList<Recurring> schedule)
    {
        services.AddSingleton(schedule);
        services.AddHostedService<Scheduler>();
        return services;
    }
}
