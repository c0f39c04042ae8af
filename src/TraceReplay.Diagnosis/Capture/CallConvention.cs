using TraceReplay.Pools;

namespace TraceReplay.Diagnosis.Capture;

/// <summary>Where an architecture passes a function's arguments, as kprobe definitions name it (Documentation/trace/kprobetrace.rst;
/// arch/*/kernel/ptrace.c, regoffset_table).</summary>
public sealed class CallConvention
{
    private readonly string[] _registers;

    private CallConvention(string machine, string beyond, string registers)
    {
        (Machine, Beyond) = (machine, beyond);
        _registers = registers.Split(' ');
    }

    /// <summary>The architectures known: System V x86-64, AAPCS64, ELFv1/v2 ppc64, s390x ELF, RISC-V.</summary>
    public static IReadOnlyList<CallConvention> All { get; } =
    [
        new("x86_64", "$stack1", "%di %si %dx %cx %r8 %r9"),
        new("aarch64", string.Empty, "%x0 %x1 %x2 %x3 %x4 %x5 %x6 %x7"),
        new("ppc64le", string.Empty, "%gpr3 %gpr4 %gpr5 %gpr6 %gpr7 %gpr8 %gpr9 %gpr10"),
        new("ppc64", string.Empty, "%gpr3 %gpr4 %gpr5 %gpr6 %gpr7 %gpr8 %gpr9 %gpr10"),
        new("s390x", string.Empty, "%r2 %r3 %r4 %r5 %r6"),
        new("riscv64", string.Empty, "%a0 %a1 %a2 %a3 %a4 %a5 %a6 %a7"),
    ];

    /// <summary>As <c>uname -m</c> prints it.</summary>
    public string Machine { get; }

    private string Beyond { get; }

    /// <summary>Arguments by their number, which the kernel itself looks up (Documentation/trace/kprobetrace.rst; from 4.20 on, where the
    /// architecture has HAVE_FUNCTION_ARG_ACCESS_API). Five are in registers on each of <see cref="All"/>.</summary>
    public static CallConvention ByNumber { get; } = new("any machine", string.Empty, "$arg1 $arg2 $arg3 $arg4 $arg5");

    /// <summary>First kernel that knows arguments by number.</summary>
    public static KernelVersion ByNumberFrom { get; } = new(4, 20);

    /// <summary>The convention of a machine.</summary>
    /// <param name="machine">As <c>uname -m</c> prints it.</param>
    /// <returns>The convention, null if it is not known.</returns>
    public static CallConvention? Of(string? machine) => All.FirstOrDefault(c => c.Machine == machine);

    /// <summary>Where an argument is.</summary>
    /// <param name="position">From 1.</param>
    /// <returns>A fetch expression, null if kprobes cannot fetch it by a register (the sixth of s390x lies on the stack).</returns>
    public string? Argument(int position) => position <= _registers.Length
        ? _registers[position - 1]
        : position == _registers.Length + 1 && Beyond.Length > 0 ? Beyond : null;
}
