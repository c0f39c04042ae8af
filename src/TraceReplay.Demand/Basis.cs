namespace TraceReplay.Demand;

/// <summary>How a number is known, strongest first.</summary>
public enum Basis
{
    /// <summary>The user said it.</summary>
    Stated,

    /// <summary>Read from the machine's inventory.</summary>
    Inventory,

    /// <summary>The driver's default in this kernel.</summary>
    DriverDefault,

    /// <summary>The kernel's own rule.</summary>
    KernelRule,

    /// <summary>Nobody said it: taken as usual.</summary>
    Assumed,
}

/// <summary>The spelling of <see cref="Basis"/> in outputs.</summary>
public static class BasisNames
{
    /// <summary>The stable text of a basis.</summary>
    /// <param name="basis">The basis.</param>
    /// <returns>Lower-case text with hyphens.</returns>
    public static string Name(this Basis basis) => basis switch
    {
        Basis.Stated => "stated",
        Basis.Inventory => "inventory",
        Basis.DriverDefault => "driver-default",
        Basis.KernelRule => "kernel-rule",
        _ => "assumed",
    };
}
