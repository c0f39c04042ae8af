namespace TraceReplay.Core.Tests;

public class TerminalTests
{
    [Theory]
    [InlineData("0000:00:05.0")]
    [InlineData("")]
    [InlineData("Größe 日本 \U0001F600")]
    public void Harmless_text_stays_the_same_object(string text) => Assert.Same(text, Terminal.Escape(text));

    [Theory]
    [InlineData("a\u001b[31mb", "a\\u{1b}[31mb")]
    [InlineData("a\nb\r\t\0", "a\\u{a}b\\u{d}\\u{9}\\u{0}")]
    [InlineData("\u009b2J\u007f", "\\u{9b}2J\\u{7f}")]
    [InlineData("x\u202egpj.exe\u2066\u200b\ufeff", "x\\u{202e}gpj.exe\\u{2066}\\u{200b}\\u{feff}")]
    public void What_drives_or_deceives_a_terminal_is_shown_as_an_escape(string text, string expected) =>
        Assert.Equal(expected, Terminal.Escape(text));

    [Fact]
    public void Half_a_surrogate_pair_is_escaped()
    {
        Assert.Equal("a\\u{d83d}b", Terminal.Escape("a" + (char)0xd83d + "b"));
        Assert.Equal("a\\u{de00}", Terminal.Escape("a" + (char)0xde00));
    }
}
