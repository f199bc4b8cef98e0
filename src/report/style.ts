/**
 * The style sheet of a report. Colours are variables, so that charts and text follow the reader's scheme; paper is always light.
 * Contrasts: text against its ground at least 4.5, shapes at least 3, in both schemes.
 */
export const CSS = `
:root {
  --ground: #f4f6f9; --card: #ffffff; --ink: #17202e; --soft: #566173; --edge: #d9dfe8; --link: #1b55c4;
  --good: #12805c; --bad: #c2332d; --doubt: #a15c00; --track: #e8ecf2; --grid: #e3e8ef;
  --s1: #2f6bdc; --s2: #0e8a83; --s3: #b8680a; --s4: #8549d6; --s5: #c4327c; --s6: #5b7a14; --rest: #7a8597;
  color-scheme: light dark;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ground: #10151d; --card: #19212d; --ink: #e8edf5; --soft: #a5b1c2; --edge: #313c4c; --link: #8db8ff;
    --good: #3fc493; --bad: #ff8279; --doubt: #f0ae4d; --track: #2a3442; --grid: #2c3645;
    --s1: #6b9dff; --s2: #3cc2b9; --s3: #e9a14a; --s4: #b58bfa; --s5: #f079b3; --s6: #a4c655; --rest: #8c98aa;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main, footer { max-width: 60rem; margin: 0 auto; padding: 0 1rem; }
main { padding-top: 1rem; }
.verdict, section {
  background: var(--card); border: 1px solid var(--edge); border-radius: 12px;
  padding: 1.25rem 1.5rem; margin: 0 0 1rem; overflow-wrap: break-word;
}
.verdict { border-top: 6px solid var(--tone); }
.good.verdict { --tone: var(--good); }
.doubtful.verdict { --tone: var(--doubt); }
.bad.verdict { --tone: var(--bad); }
.kind { margin: 0; color: var(--tone); font-weight: 700; font-size: .875rem; letter-spacing: .03em; text-transform: uppercase; }
h1 { font-size: clamp(1.35rem, 1.1rem + 1.4vw, 1.9rem); line-height: 1.25; margin: .25rem 0 .75rem; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 0 0 .75rem; }
h3 { font-size: 1rem; margin: 1.75rem 0 .5rem; }
p { margin: 0 0 .75rem; max-width: 46rem; }
.failure { border-left: 3px solid var(--bad); padding-left: .75rem; }
.next { margin: 1rem 0; }
.next h2 { font-size: 1rem; margin: 0 0 .25rem; }
ul { margin: 0 0 .75rem; padding-left: 1.25rem; }
.about, .note, .what, .where, footer { color: var(--soft); font-size: .875rem; }
.about { margin: 0; padding-top: .75rem; border-top: 1px solid var(--edge); max-width: none; }
.about strong { color: var(--ink); }
a { color: var(--link); text-underline-offset: .3em; }
time { white-space: nowrap; }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem 1rem; z-index: 1; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0 .25rem; margin: 0 0 1rem; font-size: .9375rem; }
.name, .legend li { overflow-wrap: anywhere; }
.legend li { min-width: 0; }
code { overflow-wrap: anywhere; font: .875em/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.tiles { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: .75rem; margin: 0 0 1.25rem; }
.tiles.of-5, .tiles.of-6 { grid-template-columns: repeat(3, minmax(0, 1fr)); }
.tiles div { background: var(--ground); border-radius: 8px; padding: .75rem 1rem; }
.tiles dt { color: var(--soft); font-size: .875rem; }
.tiles dd { margin: 0; }
.tiles strong { display: block; overflow-wrap: anywhere; font-size: 1.5rem; line-height: 1.3; font-variant-numeric: tabular-nums; letter-spacing: -.01em; }
.tiles .note { display: block; }
table { border-collapse: collapse; width: 100%; overflow-wrap: break-word; font-size: .9375rem; margin: 0 0 .75rem; }
caption { text-align: left; color: var(--soft); font-size: .875rem; padding: 0 0 .375rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--edge); }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--soft); font-size: .8125rem; font-weight: 600; vertical-align: bottom; }
thead th::first-letter { text-transform: uppercase; }
tbody th { font-weight: 500; }
tfoot th, tfoot td { font-weight: 700; border-bottom: 0; }
.figure { text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: normal; white-space: nowrap; }
thead .figure { white-space: normal; }
td.bars { width: 34%; }
td p { margin: 0 0 .25rem; }
td .where { margin: 0; }
td strong { font-weight: 600; }
.scroll { overflow-x: auto; margin: 0 0 .75rem; }
.scroll table { margin: 0; min-width: 34rem; }
.scroll caption { max-width: calc(100vw - 5rem); }
.scroll tbody th { overflow-wrap: anywhere; min-width: 8rem; }
#files .scroll table { min-width: 50rem; }
#rejected > table tbody th, #warnings > table tbody th { width: 15rem; padding-right: 1.5rem; }
#rejected > table tbody td.figure, #warnings > table tbody td.figure { width: 4.5rem; }
.bar { display: block; width: 100%; min-width: 3rem; height: .5rem; border-radius: 3px; margin-top: .45rem; }
.track { fill: var(--track); }
figure { margin: 0 0 .5rem; }
.chart { display: block; width: 100%; height: auto; }
.chart text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }
.chart.narrow { display: none; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .125rem 1rem; padding: 0; margin: .25rem 0 .5rem; font-size: .875rem; }
.swatch { width: .7rem; height: .7rem; border-radius: 3px; margin-right: .4rem; }
.axis { fill: var(--soft); }
.stroke { fill: none; stroke-width: 1; }
.stroke.axis { stroke: var(--rest); }
.stroke.line { stroke: var(--grid); }
rect.good, path.good { fill: var(--good); }
rect.bad, path.bad { fill: var(--bad); }
.doubt { fill: var(--doubt); }
.s1 { fill: var(--s1); } .s2 { fill: var(--s2); } .s3 { fill: var(--s3); } .s4 { fill: var(--s4); }
.s5 { fill: var(--s5); } .s6 { fill: var(--s6); } .rest { fill: var(--rest); }
.bad-text { color: var(--bad); }
.doubt-text { color: var(--doubt); }
details { margin: 0 0 .75rem; }
summary { cursor: pointer; color: var(--link); font-size: .875rem; padding: .25rem 0; }
footer { padding-bottom: 2rem; }
@media (max-width: 40rem) {
  main, footer { padding-left: .625rem; padding-right: .625rem; }
  .verdict, section { padding: 1rem; border-radius: 10px; }
  .chart.wide { display: none; }
  .chart.narrow { display: block; }
  .tiles, .tiles.of-5, .tiles.of-6 { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .5rem; }
  td.bars { display: none; }
  .tiles div { padding: .5rem .625rem; }
  .tiles strong { font-size: 1.0625rem; }
  .scroll table { min-width: 25rem; }
  .scroll tbody th { min-width: 6rem; }
  #rejected > table, #warnings > table { display: block; }
  #rejected > table tbody th, #warnings > table tbody th, #rejected > table tbody td.figure, #warnings > table tbody td.figure { width: auto; padding: .125rem 0; }
  #rejected > table > *, #warnings > table > * { display: block; }
  #rejected > table > thead, #warnings > table > thead { position: absolute; left: -999rem; }
  #rejected > table tr, #warnings > table tr { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: .5rem 0; border-bottom: 1px solid var(--edge); }
  #rejected > table tr > *, #warnings > table tr > * { border: 0; padding: .125rem 0; }
  #rejected > table td:last-child, #warnings > table td:last-child { grid-column: 1 / -1; }
}
@media print {
  @page { margin: 14mm; }
  body { background: none; font-size: 10.5pt; }
  main { padding: 0; max-width: none; }
  nav, .skip { display: none; }
  .verdict, section { border-color: #c5ccd6; border-radius: 0; padding: 0 0 .5rem; border-width: 0 0 1px; margin-bottom: 1rem; }
  .verdict { border-top-width: 6px; padding-top: .75rem; }
  .tiles div { border: 1px solid #c5ccd6; }
  .chart.wide { display: block; }
  .chart.narrow { display: none; }
  .scroll { overflow: visible; }
  .scroll table, #files .scroll table { min-width: 0; font-size: 8.5pt; }
  details::details-content { content-visibility: visible; block-size: auto; }
  summary { display: none; }
  h2, h3, caption { break-after: avoid; }
  tr, figure, .tiles { break-inside: avoid; }
  .bar, .chart, .swatch { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`
