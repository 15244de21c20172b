using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Collects the model of an application.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>Settings of the AppHost.</summary>
    ConfigurationManager Configuration { get; }

    /// <summary>Folder of the AppHost's project; relative paths of the model start there.</summary>
    string AppHostDirectory { get; }

    /// <summary>The AppHost itself.</summary>
    Assembly? AppHostAssembly { get; }

    /// <summary>Name of the environment.</summary>
    IHostEnvironment Environment { get; }

    /// <summary>Services of the AppHost.</summary>
    IServiceCollection Services { get; }

    /// <summary>How the application is being run.</summary>
    DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>Events of the application.</summary>
    IDistributedApplicationEventing Eventing { get; }

    /// <summary>The resources so far.</summary>
    IResourceCollection Resources { get; }

    /// <summary>Adds a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <typeparam name="T">Its type.</typeparam>
    /// <returns>A builder for it.</returns>
    /// <exception cref="DistributedApplicationException">There is one of that name.</exception>
    IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource;

    /// <summary>Wraps a resource without adding it.</summary>
    /// <param name="resource">The resource.</param>
    /// <typeparam name="T">Its type.</typeparam>
    /// <returns>A builder for it.</returns>
    IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource;

    /// <summary>Finishes the model.</summary>
    /// <returns>The application, not started.</returns>
    DistributedApplication Build();
}

/// <summary>Whether the application is run or published.</summary>
public enum DistributedApplicationOperation
{
    /// <summary>Run on this machine.</summary>
    Run = 0,

    /// <summary>Published; this subset never does.</summary>
    Publish = 1,
}

/// <summary>How the application is being run.</summary>
/// <param name="operation">Run or published.</param>
public class DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
{
    /// <summary>Run or published.</summary>
    public DistributedApplicationOperation Operation { get; } = operation;

    /// <summary>Run on this machine.</summary>
    public bool IsRunMode => Operation == DistributedApplicationOperation.Run;

    /// <summary>Published.</summary>
    public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;
}

/// <summary>The model or the machine does not allow what was asked.</summary>
public class DistributedApplicationException : Exception
{
    /// <summary>An error without words.</summary>
    public DistributedApplicationException()
    {
    }

    /// <summary>An error.</summary>
    /// <param name="message">What is wrong, and what to do about it.</param>
    public DistributedApplicationException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its cause.</summary>
    /// <param name="message">What is wrong, and what to do about it.</param>
    /// <param name="inner">The cause.</param>
    public DistributedApplicationException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>What an application may be built with.</summary>
public sealed class DistributedApplicationOptions
{
    /// <summary>Command-line arguments, read as settings.</summary>
    public string[]? Args { get; set; }

    /// <summary>Name of the AppHost's assembly; the running one when null.</summary>
    public string? AssemblyName { get; set; }

    /// <summary>Folder of the AppHost's project; taken from the assembly when null.</summary>
    public string? ProjectDirectory { get; set; }

    /// <summary>Runs without the dashboard.</summary>
    public bool DisableDashboard { get; set; }

    /// <summary>Allows http for the dashboard's own endpoints.</summary>
    public bool AllowUnsecuredTransport { get; set; }
}

/// <summary>Where a project resource is.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>Full path of the project file.</summary>
    string ProjectPath { get; }

    /// <summary>Whether it is known to be built.</summary>
    bool SuppressBuild => false;
}

/// <summary>How a project resource is added.</summary>
public class ProjectResourceOptions
{
    /// <summary>Profile of launchSettings.json to use; the AppHost's own when null.</summary>
    public string? LaunchProfileName { get; set; }

    /// <summary>Ignores launchSettings.json; endpoints are declared in the model.</summary>
    public bool ExcludeLaunchProfile { get; set; }
}
