import { familyName } from '../model/ip.ts';
import type { Problem } from '../model/problem.ts';
import { type Answer, goTime, jsonAnswer } from './answer.ts';
import { type Html, html } from './html.ts';
import { whyNotReady } from './readiness.ts';
import {
	type AgentStatus,
	MOST_SHOWN,
	shownProblems,
	statusJson,
	type TableStatus,
	type WatchStatus,
} from './status.ts';

/** `/statusz`: for people, or with `?format=json` for programs. */
export function statusAnswer(status: AgentStatus, query: URLSearchParams): Answer {
	const fresh = { 'Cache-Control': 'no-store' };
	if (query.get('format') === 'json') return jsonAnswer(200, statusJson(status), fresh);
	const headers = {
		'Content-Type': 'text/html; charset=utf-8',
		'X-Content-Type-Options': 'nosniff',
		// Names come from objects. Should one ever get through unescaped, it can neither run nor load anything.
		'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
		...fresh,
	};
	return { status: 200, headers, body: statusPage(status) };
}

const STYLE = html`<style>
body { font: 14px/1.5 system-ui, sans-serif; margin: 2em; max-width: 70em; color-scheme: light dark }
table { border-collapse: collapse; margin: 0 0 1em }
th, td { text-align: left; vertical-align: top; padding: .1em 1.5em .1em 0 }
td { font-family: ui-monospace, monospace; overflow-wrap: anywhere }
.bad { color: #c00 }
</style>`;

/** The status as a page without scripts. */
export function statusPage(status: AgentStatus): string {
	const { node, tables, watches, problems } = status;
	return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>nft-gen on ${node}</title>${STYLE}</head>
<body>
<h1>nft-gen on ${node}</h1>
${overview(status)}
${tables.map(tableSection)}
<h2>Watches</h2>
${watchTable(watches)}
${problemSection(problems)}
<p><a href="/statusz?format=json">as JSON</a></p>
</body>
</html>
`.html;
}

function facts(rows: readonly (readonly [string, Html | string | number])[]): Html {
	return html`<table>
${rows.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>\n`)}</table>`;
}

function overview({ versions, started, now, readiness, services, endpoints }: AgentStatus): Html {
	const reason = whyNotReady(readiness);
	const { picture } = readiness;
	const source = picture?.from === 'saved-state' ? 'a saved state' : 'the API server';
	return facts([
		['ready', reason === null ? 'yes' : html`<span class="bad">no: ${reason}</span>`],
		['cluster', picture === null ? 'unknown' : `from ${source}, ${Math.round(picture.ageSeconds)} s old`],
		['Services', services],
		['endpoints', endpoints],
		['time', goTime(now)],
		['started', goTime(started)],
		...[...versions].map(([name, version]) => [`version of ${name}`, version] as const),
	]);
}

function tableSection(table: TableStatus): Html {
	const { family, digest, lastSync, failure, contact, generation, servicePorts, quarantined } = table;
	return html`<h2>Table ${family} ${table.table} (${familyName(family)})</h2>
${facts([
	['last synchronisation', lastSync === null ? 'none yet' : goTime(lastSync)],
	...(failure === null ? [] : [['failing', html`<span class="bad">${failure}</span>`] as const]),
	['found at the start', contact ?? 'not looked yet'],
	['SHA-256', digest ?? 'unknown'],
	['generation', generation ?? 'unknown'],
	['service ports', servicePorts],
	['in quarantine', quarantined.length],
])}
${quarantined.length === 0 ? '' : quarantineTable(quarantined)}`;
}

function quarantineTable(quarantined: TableStatus['quarantined']): Html {
	return html`<h3>Service ports that the kernel does not take</h3>
${facts(quarantined.slice(0, MOST_SHOWN).map(({ name, reason }) => [name, reason] as const))}
${rest(quarantined.length)}`;
}

function watchTable(watches: readonly WatchStatus[]): Html {
	const rows = watches.map(
		({ resource, watching, objects, secondsSinceContact, troubles }) => html`<tr><th scope="row">${resource}</th>
<td>${watching ? 'watching' : html`<span class="bad">not watching</span>`}</td><td>${objects}</td>
<td>${secondsSinceContact === null ? 'never' : `${secondsSinceContact.toFixed(1)} s ago`}</td>
<td>${[...troubles].map(([reason, count]) => `${count} × ${reason}`).join(', ')}</td></tr>
`,
	);
	return html`<table>
<tr><th>resource</th><th>state</th><th>objects</th><th>last heard</th><th>troubles</th></tr>
${rows}</table>`;
}

function problemSection(problems: readonly Problem[]): Html {
	const errors = problems.filter(({ severity }) => severity === 'error').length;
	const rows = shownProblems(problems).map(
		({ severity, object, sentence, hint, code }) => html`<tr><th scope="row">${severity}</th><td>${object ?? ''}</td>
<td>${sentence}${hint === null ? '' : ` (${hint})`} [${code}]</td></tr>
`,
	);
	return html`<h2>Problems: ${errors} errors, ${problems.length - errors} warnings</h2>
${rows.length === 0 ? '' : html`<table>\n${rows}</table>`}
${rest(problems.length)}`;
}

function rest(count: number): Html {
	return count > MOST_SHOWN ? html`<p>and ${count - MOST_SHOWN} more</p>` : html``;
}
