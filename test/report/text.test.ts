import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TextOptions, textReport } from '../../src/report/text.ts';
import {
	arbitraryPreview,
	COMMANDS,
	changeSet,
	cohort,
	finding,
	type Preview,
	shopPreview,
} from '../support/change-sets.ts';

function text({ changes, places, gates }: Preview, more: Partial<TextOptions> = {}): string {
	const views: TextOptions['views'] = new Set(['behaviour', 'rules']);
	return textReport(changes, places, gates, { commands: COMMANDS, views, full: false, colour: false, ...more });
}

function alone(...more: Parameters<typeof changeSet>): Preview {
	return { changes: changeSet(...more), places: new Map(), gates: [] };
}

const RULES = [cohort({ rules: { added: 2, removed: 1 } })];

describe('the report for a terminal', () => {
	it('says what changes, errors first, for whom, by which line, and how to look closer', () => {
		expect(text(shopPreview())).toBe(`\
nft-gen diff  git:main:deploy (4c1f9e2) → deploy, as Kubernetes 1.37 does
200 nodes; Services: 4 of 1,284 differ
endpoints of service ports: 1,283 captured, 1 computed from Pods
1 error, 2 warnings, 1 note
gate --fail-on error failed: 1 error was found

ERROR  service-blackholed  shop/web:http  all 200 nodes  [a3f8c21b9d04]
       no endpoint is left; clients are refused
       change  3 endpoints → refused
       flow    everybody to ClusterIP 10.96.14.7:80/tcp
                 before  3 endpoints: 10.1.4.9:8080, 10.1.7.2:8080, 10.1.9.5:8080
                 after   refused
       cause   deploy/web.yaml:14:10 (before: 12:10)  spec.selector.app: web → webb
       hint    did you mean "web"? No pod of shop has the label app=webb
       try     nft-gen trace --node n1 --from ip:10.1.2.3 --to ip:10.96.14.7:80 -f deploy

WARN   client-ip-hidden  edge/ingress:https  4 nodes, pool=edge  [0c77d1e9b3fa]
       endpoints see the node's address instead of the client's
       change  client's address → node's address
       flow    outside to NodePort 31443/tcp
                 before  2 endpoints, client's address kept
                 after   2 endpoints, masqueraded
       cause   deploy/edge.yaml:22:26  spec.externalTrafficPolicy: Local → Cluster
       try     nft-gen trace --node n101 --from ip:203.0.113.1 --to nodeport:31443 --family ipv4 -f deploy

WARN   newly-exposed-nodeport  shop/admin:http  all 200 nodes  [71be02aa5510]
       it answers on every node, for everybody who reaches one
       change  nothing → NodePort 31080/tcp
       cause   deploy/admin.yaml:9:9  spec.type: ClusterIP → NodePort
       try     nft-gen explain svc:shop/admin:http --node n1 -f deploy

1 note: 1 endpoints-added (data/redis); --full lists them

nodes  cohort A  196 nodes, pool!=edge: 3 findings, +38 −12 rules
       cohort B  4 nodes, pool=edge: 4 findings, +36 −12 rules
rules  25,417 stay as they are on n1

618 of 102,600 flow classes change, the other 101,982 are identical
`);
	});

	it('lists changes for information with --full', () => {
		expect(text(shopPreview(), { full: true })).toContain(
			'\nNOTE   endpoints-added  data/redis  all 200 nodes  [e5d0417c22ab]\n',
		);
	});

	it('has the layers that are asked for', () => {
		const only = (view: 'behaviour' | 'rules' | 'text') => text(shopPreview(), { views: new Set([view]) });
		expect(only('behaviour')).not.toMatch(/cohort A {2}|^@@/m);
		expect(only('rules')).not.toMatch(/^ERROR|^@@/m);
		expect(only('text')).toContain('\n@@ chain cluster/shop/web/http @@\n-\tnumgen random');
		expect(only('text')).not.toMatch(/^ERROR|^nodes/m);
	});

	it('has colours where they are asked for only, and is the same without them', () => {
		const coloured = text(shopPreview(), { colour: true });
		expect(coloured).toContain('\u001b[31mERROR\u001b[39m');
		expect(stripVTControlCharacters(coloured)).toBe(text(shopPreview()));
	});

	it.each([
		['nothing', {}, 'nothing changes: 0 of 12 flow classes, no rule, on 1 node\n'],
		['one of two', { flows: { total: 2, changed: 1 } }, '1 of 2 flow classes changes, the other 1 is identical\n'],
		['rules alone', { cohorts: RULES }, 'rules changed, 0 of 12 flow classes changed\n'],
		['neither, but a finding', { findings: [finding()] }, '\n0 of 12 flow classes changed\n'],
	])('ends with how much of all changes: %s', (_what, more, end) => {
		const report = text(alone(more));
		expect(report.slice(-end.length)).toBe(end);
	});

	it('is one line where nothing changes, and one for each thing that is not known', () => {
		expect(text(alone()).split('\n')).toHaveLength(2);
		const gaps = ['no EndpointSlice is known for shop/web'];
		expect(text(alone({ gaps }))).toBe(
			'incomplete: no EndpointSlice is known for shop/web\nnothing changes: 0 of 12 flow classes, no rule, on 1 node\n',
		);
	});

	it('counts what was wrong with either input', () => {
		const problem = { code: 'x', severity: 'error', origin: null, object: null, sentence: 'x', hint: null } as const;
		const problems = { base: [], head: [problem, { ...problem, severity: 'warning' } as const] };
		expect(text(alone({ problems }))).toMatch(/^input of head: 1 error, 1 warning\n/);
	});

	it('names what is waived, with the reason, and does not count it', () => {
		const waiver = { reason: 'moves to shop/web2', until: '2026-12-31' };
		const report = text(alone({ findings: [finding({ waiver })] }));
		expect(report).toContain('\nno finding; 1 waived\n');
		expect(report).toContain(
			'\nwaived error service-blackholed shop/web:http [a3f8c21b9d04] until 2026-12-31: moves to shop/web2\n',
		);
		expect(report).not.toContain('ERROR');
	});

	it('shows 8 cohorts and says how many more there are', () => {
		const cohorts = Array.from({ length: 12 }, (_, index) => cohort({ id: `C${index}`, nodes: [`n${index}`] }));
		const changes = { cohorts, flows: { total: 9, changed: 1 } };
		expect(text(alone(changes))).toMatch(
			/cohort C7 .*\n {7}and 4 more cohorts of 4 nodes; nft-gen diff --cluster prod.json.gz main:deploy deploy --full lists them\n/,
		);
		expect(text(alone(changes), { full: true })).toContain('cohort C11 ');
	});

	it('lets no text from an object move the cursor, turn the line or fake one', () => {
		fc.assert(
			fc.property(arbitraryPreview, (preview) => {
				const report = text(preview, { full: true, views: new Set(['behaviour', 'rules']) });
				expect(report).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
				const titles = report.split('\n').filter((line) => /^(?:ERROR|WARN|NOTE) /.test(line));
				expect(titles).toHaveLength(preview.changes.findings.filter(({ waiver }) => waiver === null).length);
			}),
			{ numRuns: 200 },
		);
	});
});
