using System.Runtime.InteropServices;

namespace Tests.Emulators.Launchers;

/// <summary>Unix signals, sent to one process.</summary>
internal static partial class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <exception cref="InvalidOperationException">There is no such process, or it is not ours.</exception>
    public static void Send(int processId, int signal)
    {
        if (SendSignal(processId, signal) != 0)
            throw new InvalidOperationException($"kill -{signal} {processId}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>True while a process runs; one that is dead but not collected yet does not.</summary>
    public static bool Lives(int processId)
    {
        var state = $"/proc/{processId}/stat";
        if (OperatingSystem.IsLinux())
            return File.Exists(state) && !File.ReadAllText(state).Contains(") Z ", StringComparison.Ordinal);
        return SendSignal(processId, 0) == 0;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);
}
