namespace TraceReplay.Report;

/// <summary>The style sheet of the HTML report: light and dark by the reader's preference, printable.</summary>
internal static class HtmlStyle
{
    public const string Sheet = """
        :root { color-scheme: light dark; --ink: #1d2430; --soft: #5d6777; --line: #dde2ea; --paper: #ffffff; --card: #f6f8fb;
          --use: #3f7fd1; --use-soft: #3f7fd133; --bad: #c62f3b; --bad-soft: #c62f3b1a; --good: #1f8a4c; --warn: #a76a00; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e4e8ef; --soft: #98a3b5; --line: #323a47; --paper: #14181f;
          --card: #1c222c; --use: #6ea8f0; --use-soft: #6ea8f033; --bad: #f0717b; --bad-soft: #f0717b22; --good: #57c785;
          --warn: #e0b050; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 62rem; padding: 2rem 1.5rem 4rem; background: var(--paper); color: var(--ink);
          font: 15px/1.55 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
        h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .4rem; }
        h2 { font-size: 1.3rem; margin: 2.6rem 0 .5rem; }
        h3 { font-size: 1rem; margin: 2rem 0 .5rem; }
        h3 small { color: var(--soft); font-weight: normal; margin-left: .6rem; }
        p { margin: .4rem 0; max-width: 50rem; }
        .verdict { border-left: 4px solid var(--bad); background: var(--bad-soft); padding: .8rem 1.1rem; font-size: 1.08rem;
          border-radius: 0 6px 6px 0; margin: .8rem 0 1.2rem; max-width: none; }
        .calm { border-left-color: var(--good); background: var(--card); }
        .loss { border: 1px solid var(--warn); border-radius: 6px; padding: .6rem 1rem; margin: .8rem 0; }
        .facts { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.2rem; margin: .8rem 0; }
        .facts dt { color: var(--soft); } .facts dd { margin: 0; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th { text-align: left; color: var(--soft); font-weight: 500; font-size: .85rem; }
        th, td { padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
        th.n, td.n { text-align: right; white-space: nowrap; }
        td.bar { width: 34%; min-width: 8rem; } td.bar svg { display: block; width: 100%; height: 1.1rem; margin-top: .2rem; }
        tr.part td { color: var(--soft); font-size: .88rem; } tr.part td:first-child { padding-left: 1.2rem; }
        .soft { color: var(--soft); } .good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
        code { font: .86em ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
        ul { margin: .3rem 0; padding-left: 1.2rem; } li { margin: .3rem 0; max-width: 54rem; }
        ul.remedies { list-style: none; padding: 0; } ul.remedies li { padding-left: 1.6rem; text-indent: -1.6rem; }
        ul.remedies .mark { display: inline-block; width: 1.6rem; text-indent: 0; font-weight: bold; }
        ul.remedies .note { display: block; text-indent: 0; color: var(--soft); }
        svg.chart { display: block; width: 100%; height: auto; background: var(--card); border-radius: 6px; }
        svg .grid { stroke: var(--line); stroke-width: 1; } svg .area { fill: var(--use-soft); } svg .limit { stroke: var(--bad);
          stroke-width: 1.2; stroke-dasharray: 5 4; } svg .use { fill: none; stroke: var(--use); stroke-width: 1.6; stroke-linejoin: round; }
        svg .fail { fill: var(--bad); } svg text { fill: var(--soft); font: 12px system-ui, "DejaVu Sans", sans-serif; }
        svg .held { fill: var(--use); } svg .blamed { fill: var(--bad); } svg .rest { fill: var(--line); }
        footer { margin-top: 3rem; color: var(--soft); font-size: .85rem; }
        @media print { body { max-width: none; padding: 0; } h3 { break-after: avoid; } table, svg { break-inside: avoid; } }

        """;
}
