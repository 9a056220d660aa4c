import { describe, expect, it } from 'vitest';
import { type AgentStatus, MOST_SHOWN, type TableStatus } from '../../src/health/status.ts';
import { statusAnswer, statusPage } from '../../src/health/status-page.ts';
import type { Problem } from '../../src/model/problem.ts';

const HOSTILE = `<script>alert("x")</script>'&\u202e\u001b[31m`;

const PROBLEM: Problem = {
	code: 'bad-field',
	severity: 'error',
	origin: null,
	object: 'Service shop/web',
	sentence: 'it is wrong',
	hint: null,
};

const TABLE: TableStatus = {
	family: 'ip',
	table: 'nft-gen',
	digest: 'ab'.repeat(32),
	lastSync: Date.UTC(2026, 0, 1),
	failure: null,
	contact: 'adopted',
	generation: '17 . 4711',
	servicePorts: 3,
	quarantined: [{ name: 'shop/web:http', reason: 'Could not process rule: Invalid argument' }],
};

const STATUS: AgentStatus = {
	node: 'n1',
	versions: new Map([
		['nft-gen', '0.1.0'],
		['nft', '1.0.6'],
	]),
	started: Date.UTC(2026, 0, 1),
	now: Date.UTC(2026, 0, 1, 0, 1),
	readiness: { families: ['ip'], synced: new Set(['ip']), picture: { from: 'api-server', ageSeconds: 1.25 } },
	services: 2,
	endpoints: 5,
	tables: [TABLE],
	watches: [
		{
			resource: 'services',
			watching: true,
			objects: 2,
			secondsSinceContact: 1.25,
			troubles: new Map([['throttled', 3]]),
		},
	],
	problems: [PROBLEM],
};

function asked(status: AgentStatus, query = '') {
	return statusAnswer(status, new URLSearchParams(query));
}

/** What a reader sees. */
function text(page: string): string {
	return page
		.replace(/<style>[^<]*<\/style>/, '')
		.replace(/<[^>]*>/g, ' ')
		.replace(/\s+/g, ' ');
}

describe('the status page', () => {
	it('says what an operator wants to know', () => {
		const page = text(statusPage(STATUS));
		for (const part of [
			'ready yes',
			'cluster from the API server, 1 s old',
			'Services 2 endpoints 5',
			'version of nft 1.0.6',
			'Table ip nft-gen (IPv4) last synchronisation 2026-01-01T00:00:00Z found at the start adopted',
			`SHA-256 ${'ab'.repeat(32)} generation 17 . 4711 service ports 3 in quarantine 1`,
			'shop/web:http Could not process rule: Invalid argument',
			'services watching 2 1.3 s ago 3 × throttled',
			'Problems: 1 errors, 0 warnings error Service shop/web it is wrong [bad-field]',
		]) {
			expect(page).toContain(part);
		}
	});

	it('can be given before anything is known', () => {
		const nothing = {
			digest: null,
			lastSync: null,
			contact: null,
			generation: null,
			quarantined: [],
			failure: 'nft is missing',
		};
		const page = text(
			statusPage({
				...STATUS,
				readiness: { families: ['ip'], synced: new Set(), picture: null },
				tables: [{ ...TABLE, ...nothing }],
				watches: [{ resource: 'nodes', watching: false, objects: 0, secondsSinceContact: null, troubles: new Map() }],
				problems: [],
			}),
		);
		expect(page).toContain('ready no: nothing is known of the cluster yet cluster unknown');
		expect(page).toContain('last synchronisation none yet failing nft is missing found at the start not looked yet');
		expect(page).toContain('nodes not watching 0 never');
	});

	it('shows names as text, whatever is in them', () => {
		const problem = { ...PROBLEM, object: HOSTILE, sentence: HOSTILE, hint: HOSTILE, code: HOSTILE };
		const hostile: AgentStatus = {
			...STATUS,
			node: HOSTILE,
			versions: new Map([[HOSTILE, HOSTILE]]),
			tables: [
				{
					...TABLE,
					table: HOSTILE,
					failure: HOSTILE,
					digest: HOSTILE,
					contact: HOSTILE,
					generation: HOSTILE,
					quarantined: [{ name: HOSTILE, reason: HOSTILE }],
				},
			],
			watches: STATUS.watches.map((watch) => ({ ...watch, resource: HOSTILE, troubles: new Map([[HOSTILE, 1]]) })),
			problems: [problem],
		};
		const page = statusPage(hostile);
		for (const part of ['<script', 'alert("', '\u202e', '\u001b']) expect(page).not.toContain(part);
		expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39;&amp;');
		// As many elements as without: nothing of a name became one.
		const tags = (html: string) => html.match(/<[a-z]+/g);
		const failing = { ...STATUS, tables: [{ ...TABLE, failure: 'x' }], versions: new Map([['a', 'b']]) };
		expect(tags(page)).toEqual(tags(statusPage(failing)));
	});

	it('may load and run nothing', () => {
		const { status, headers, body } = asked(STATUS);
		expect([status, headers['Content-Type']]).toEqual([200, 'text/html; charset=utf-8']);
		expect(headers['Content-Security-Policy']).toContain("default-src 'none'");
		expect(body).not.toMatch(/<script|\son\w+=|src=/);
	});

	it('does not grow with the number of problems', () => {
		const many = { ...STATUS, problems: Array.from({ length: 10_000 }, () => PROBLEM) };
		expect(statusPage(many).length).toBeLessThan(50_000);
		expect(text(statusPage(many))).toContain(`and ${10_000 - MOST_SHOWN} more`);
		expect(asked(many, 'format=json').body.length).toBeLessThan(100_000);
		const last = {
			...many,
			problems: [...many.problems.map((each) => ({ ...each, severity: 'warning' as const })), PROBLEM],
		};
		expect(JSON.parse(asked(last, 'format=json').body).problems.shown[0].severity).toBe('error');
	});
});

describe('the status as JSON', () => {
	it('says the same', () => {
		const { headers, body } = asked(STATUS, 'format=json');
		expect(headers['Content-Type']).toBe('application/json');
		expect(JSON.parse(body)).toEqual({
			node: 'n1',
			versions: { 'nft-gen': '0.1.0', nft: '1.0.6' },
			started: '2026-01-01T00:00:00Z',
			now: '2026-01-01T00:01:00Z',
			notReady: null,
			picture: { from: 'api-server', ageSeconds: 1.25 },
			services: 2,
			endpoints: 5,
			tables: [
				{
					family: 'IPv4',
					table: 'nft-gen',
					digest: 'ab'.repeat(32),
					failure: null,
					contact: 'adopted',
					generation: '17 . 4711',
					servicePorts: 3,
					lastSync: '2026-01-01T00:00:00Z',
					quarantinedServicePorts: 1,
					quarantined: TABLE.quarantined,
				},
			],
			watches: [
				{ resource: 'services', watching: true, objects: 2, secondsSinceContact: 1.25, troubles: { throttled: 3 } },
			],
			problems: {
				errors: 1,
				warnings: 0,
				shown: [
					{ severity: 'error', code: 'bad-field', object: 'Service shop/web', sentence: 'it is wrong', hint: null },
				],
			},
		});
	});
});
