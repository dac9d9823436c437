import type { Incident } from './incident.ts';
import { escaped } from './svg.ts';

/**
 * One file that replays a window anywhere, without the monitor and without a network: its policy forbids every request. The
 * data stand as text in it, read and checked by the player; nothing in them can become markup or code.
 */
export const incidentHtml = (incident: Incident, player: string, title: string): string => `<!doctype html>
<html lang="en" data-theme="${incident.theme}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main id="player"><noscript>This file replays in a browser: it needs JavaScript.</noscript></main>
<script type="application/json" id="incident">${JSON.stringify(incident).replaceAll('<', '\\u003c')}</script>
<script type="module">${player.replaceAll(/<(?=\/script|!--)/gi, '\\x3c')}</script>
</body>
</html>
`;

const STYLE = `
*{box-sizing:border-box}
html,body{height:100%;margin:0}
body{background:#f4f6f7;color:#16202a;font:14px/24px Inter,system-ui,sans-serif;font-variant-numeric:tabular-nums}
[data-theme=dark] body{background:#0f151a;color:#e6ebef}
[data-theme=contrast] body{background:#000;color:#fff}
#player{display:grid;grid-template-rows:auto minmax(0,1fr) auto;height:100%}
header,footer{align-items:center;border:0 solid #8893;display:flex;flex-wrap:wrap;gap:8px 16px;padding:8px 16px}
header{border-bottom-width:1px}footer{border-top-width:1px}
h1{font-size:16px;margin:0}
.stage{display:grid;grid-template-columns:minmax(0,1fr) minmax(280px,27vw);min-height:0}
.canvas{min-width:0;position:relative}canvas{height:100%;inset:0;position:absolute;width:100%}
.lists{border-left:1px solid #8893;overflow:auto;padding:8px 16px}
h2{font-size:14px;margin:8px 0}
table{border-collapse:collapse;font-size:12px;width:100%}
th,td{border-bottom:1px solid #8893;padding:4px 8px 4px 0;text-align:left}
td.number,th.number{text-align:right;white-space:nowrap}
td:first-child{overflow-wrap:anywhere}
button,select{background:transparent;border:1px solid #7c8791;border-radius:6px;color:inherit;font:inherit;height:32px;padding:0 12px}
option{color:#16202a}
input[type=range]{flex:1 1 240px;height:24px}
:focus-visible{outline:2px solid #3d8fc4;outline-offset:1px}
.told{flex-basis:100%}
`;
