namespace TraceReplay.Demand;

/// <summary>A number that is known within bounds, with how it is known. Arithmetic keeps the bounds and the weakest
/// basis, and stays at <see cref="Ceiling"/> instead of overflowing.</summary>
/// <param name="Least">Lower bound, 0 or more.</param>
/// <param name="Most">Upper bound, at least <paramref name="Least"/>.</param>
/// <param name="Basis">How it is known.</param>
/// <param name="Source">Where it comes from, one phrase.</param>
public sealed record Estimate(long Least, long Most, Basis Basis, string Source)
{
    /// <summary>What counts as without limit: no machine has 2^60 of anything here.</summary>
    public const long Ceiling = 1L << 60;

    /// <summary>Whether both bounds are the same.</summary>
    public bool IsExact => Least == Most;

    /// <summary>A number the user stated.</summary>
    /// <param name="least">Lower bound.</param>
    /// <param name="most">Upper bound.</param>
    /// <param name="option">The option that said it.</param>
    /// <returns>The estimate.</returns>
    public static Estimate Stated(long least, long most, string option) => new(least, most, Basis.Stated, option);

    /// <summary>An exact number.</summary>
    /// <param name="value">The number.</param>
    /// <param name="basis">How it is known.</param>
    /// <param name="source">Where it comes from.</param>
    /// <returns>The estimate.</returns>
    public static Estimate Exactly(long value, Basis basis, string source) => new(value, value, basis, source);

    /// <summary>The sum.</summary>
    /// <param name="other">What is added.</param>
    /// <returns>The estimate.</returns>
    public Estimate Plus(Estimate other) => With(other, Bound((Int128)Least + other.Least), Bound((Int128)Most + other.Most));

    /// <summary>The product.</summary>
    /// <param name="other">The factor.</param>
    /// <returns>The estimate.</returns>
    public Estimate Times(Estimate other) => With(other, Bound((Int128)Least * other.Least), Bound((Int128)Most * other.Most));

    /// <summary>The product with a count.</summary>
    /// <param name="count">The factor, 0 or more.</param>
    /// <returns>The estimate.</returns>
    public Estimate Times(long count) => this with { Least = Bound((Int128)Least * count), Most = Bound((Int128)Most * count) };

    /// <summary>The smaller of two numbers.</summary>
    /// <param name="limit">The limit.</param>
    /// <returns>The estimate.</returns>
    public Estimate AtMost(Estimate limit) => With(limit, Math.Min(Least, limit.Least), Math.Min(Most, limit.Most));

    /// <summary>Bounds that cover both numbers.</summary>
    /// <param name="other">The other number.</param>
    /// <returns>The estimate.</returns>
    public Estimate Or(Estimate other) => With(other, Math.Min(Least, other.Least), Math.Max(Most, other.Most)) with
    {
        Source = Source == other.Source ? Source : $"{Source}; {other.Source}",
    };

    private Estimate With(Estimate other, long least, long most) =>
        this with { Least = least, Most = most, Basis = (Basis)Math.Max((int)Basis, (int)other.Basis) };

    private static long Bound(Int128 value) => value > Ceiling ? Ceiling : (long)value;
}
