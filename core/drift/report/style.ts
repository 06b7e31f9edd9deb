/** The page's own style; colours follow the reader's scheme. */
export const STYLE = `
:root { --page: #f6f7f9; --card: #fff; --text: #1a1d21; --muted: #565d66; --rule: #d9dde3; --track: #e9ecf0; --mark: #9aa2ad;
  --good: #17693a; --good-back: #dcf3e4; --bad: #a3201d; --bad-back: #fbe3e1; --wait: #7a4b00; --wait-back: #fdeccb;
  --before: #7f8c9b; --before-fill: #c9d1da; --after: #c44e00; --after-fill: #c44e0038; }
@media (prefers-color-scheme: dark) { :root { --page: #12151a; --card: #1b1f26; --text: #e8eaee; --muted: #a6aeba; --rule: #343b46; --track: #2a3039;
  --mark: #6c7684; --good: #7fdca2; --good-back: #173a26; --bad: #ff9c94; --bad-back: #4a1f1d; --wait: #f0c069; --wait-back: #453310;
  --before: #8c99a8; --before-fill: #46515e; --after: #ff9d4d; --after-fill: #ff9d4d40; } }
* { box-sizing: border-box; }
html { color-scheme: light dark; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
header, main, footer { max-width: 1180px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 36px; }
footer { padding: 8px 24px 48px; color: var(--muted); font-size: 14px; }
.kicker { margin: 0; color: var(--muted); font-size: 14px; overflow-wrap: anywhere; }
h1 { margin: 2px 0 6px; font-size: 30px; line-height: 1.2; text-wrap: balance; overflow-wrap: anywhere; }
h2 { margin: 0 0 10px; font-size: 22px; line-height: 1.3; overflow-wrap: anywhere; }
h3 { margin: 0 0 4px; font-size: 17px; line-height: 1.35; overflow-wrap: anywhere; }
p, ul { margin: 0 0 10px; }
.verdict { font-size: 18px; text-wrap: pretty; overflow-wrap: anywhere; }
.reason { color: var(--muted); font-size: 14px; overflow-wrap: anywhere; }
section { margin: 20px 0; padding: 24px 28px; background: var(--card); border: 1px solid var(--rule); border-radius: 12px; }
section > h3 { margin-top: 18px; }
.pill { display: inline-block; vertical-align: 2px; padding: 1px 10px; border-radius: 99px; font-size: 13px; font-weight: 600; white-space: nowrap;
  color: var(--wait); background: var(--wait-back); }
.pill.held { color: var(--good); background: var(--good-back); }
.pill.broken { color: var(--bad); background: var(--bad-back); }
b.broken { color: var(--bad); }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 12px; margin: 18px 0; }
.tiles > div { padding: 10px 14px; background: var(--card); border: 1px solid var(--rule); border-radius: 8px; min-width: 0; }
.tiles dt { color: var(--muted); font-size: 13px; overflow-wrap: anywhere; }
.tiles dd { margin: 0; font-size: 20px; font-weight: 600; font-variant-numeric: tabular-nums; }
.tiles small, td small { display: block; color: var(--muted); font-size: 13px; font-weight: 400; }
.cards { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px; margin: 20px 0; }
.card { padding: 18px 20px; background: var(--card); border: 1px solid var(--rule); border-radius: 12px; min-width: 0; }
.card.moved { border-left: 4px solid var(--after); padding-left: 17px; }
.words { padding-left: 18px; font-size: 14px; }
.words li { overflow-wrap: anywhere; }
figure { margin: 8px 0 0; min-width: 0; }
figcaption { color: var(--muted); font-size: 13px; overflow-wrap: anywhere; }
.key { display: inline-block; width: 14px; height: 10px; margin: 0 6px 0 0; border-radius: 2px; }
.key + .key, .key.after { margin-left: 12px; }
.key.before { background: var(--before-fill); border: 1px solid var(--before); }
.key.after { background: var(--after); }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--muted); font: 13px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; font-variant-numeric: tabular-nums; }
svg text.figure { font-size: 11.5px; }
.before { fill: var(--before-fill); }
.after { fill: var(--after-fill); }
.before.solid { fill: var(--before); }
.after.solid { fill: var(--after); }
.before-line { fill: none; stroke: var(--before); stroke-width: 1.2; vector-effect: non-scaling-stroke; }
.after-line { fill: none; stroke: var(--after); stroke-width: 2; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
.axis { stroke: var(--mark); stroke-width: 1; }
.track { fill: var(--track); }
.multiples { display: grid; grid-template-columns: repeat(auto-fill, minmax(104px, 1fr)); gap: 10px; margin-top: 14px; padding-top: 10px; border-top: 1px solid var(--rule); }
.small { margin: 0; }
.small figcaption { font-size: 12px; line-height: 1.35; font-variant-numeric: tabular-nums; }
.small b { display: block; font-weight: 500; }
.small.moved b { color: var(--bad); font-weight: 700; }
.sides { margin-top: 12px; font-size: 13px; }
.sides th { width: 130px; font-weight: 400; color: var(--muted); }
.sides th, .sides td { border: 0; padding: 2px 8px 2px 0; vertical-align: middle; }
.sides .number { width: 130px; padding-right: 0; }
svg.side { height: 7px; margin: 1px 0; }
.nothing { display: grid; place-items: center; min-height: 120px; margin: 8px 0; border: 1px dashed var(--rule); border-radius: 8px; color: var(--muted); font-size: 14px; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 14px; }
th, td { padding: 6px 12px 6px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); }
td { overflow-wrap: anywhere; min-width: 84px; }
td:first-child { min-width: 104px; }
.sides td:first-child { min-width: 0; }
thead th { color: var(--muted); font-weight: 500; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
code { font: 13px ui-monospace, 'SF Mono', Menlo, Consolas, monospace; overflow-wrap: anywhere; }
@media (max-width: 820px) { .cards { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 620px) { header, main { padding-left: 12px; padding-right: 12px; } header { padding-top: 20px; } h1 { font-size: 24px; }
  section { padding: 18px 14px; } .card { padding: 14px; } .card.moved { padding-left: 11px; } .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .multiples { grid-template-columns: repeat(2, minmax(0, 1fr)); } .wide { min-width: 700px; }
  svg text { font-size: 14px; } svg text.figure { font-size: 13px; } .sides th { width: 96px; } .sides .number { width: 112px; } }
`;
