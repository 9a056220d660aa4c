import fc from 'fast-check';
import type {
	Cause,
	ChangeSet,
	FailedGate,
	Finding,
	FlowChange,
	NodeCohort,
	Places,
	Treatment,
} from '../../src/model/change-set.ts';
import type { Origin } from '../../src/model/problem.ts';
import type { Commands } from '../../src/report/commands.ts';

/** What reports are made of. */
export interface Preview {
	readonly changes: ChangeSet;
	readonly places: Places;
	readonly gates: readonly FailedGate[];
}

export const COMMANDS: Commands = {
	again: ['nft-gen', 'diff', '--cluster', 'prod.json.gz', 'main:deploy', 'deploy'],
	read: { base: null, head: ['-f', 'deploy'] },
};

export const REFUSED: Treatment = { kind: 'refused', endpoints: [], affinitySeconds: null };

/** Endpoints that share alike. */
export function toEndpoints(targets: readonly string[], more: Partial<Treatment> = {}): Treatment {
	const share = targets.length === 1 ? '1' : `1/${targets.length}`;
	const endpoints = targets.map((target) => ({ target, share, masqueraded: false }));
	return { kind: 'endpoints', endpoints, affinitySeconds: null, ...more };
}

/** The same, with the client's address hidden. */
export function masqueraded(treatment: Treatment): Treatment {
	return { ...treatment, endpoints: treatment.endpoints.map((each) => ({ ...each, masqueraded: true })) };
}

/** Connections of pods to the ClusterIP of shop/web, that are refused from now on. */
export function flow(more: Partial<FlowChange> = {}): FlowChange {
	return {
		owner: { namespace: 'shop', service: 'web', port: 'http' },
		frontend: { kind: 'cluster-ip', family: 'ip', address: '10.96.14.7', port: 80, protocol: 'tcp' },
		client: { kind: 'pod', allowedBefore: null, allowedAfter: null, witness: '10.1.2.3' },
		nodes: ['n1'],
		before: toEndpoints(['10.1.4.9:8080', '10.1.7.2:8080', '10.1.9.5:8080']),
		after: REFUSED,
		...more,
	};
}

const CLIENTS = [
	{ kind: 'pod', allowedBefore: null, allowedAfter: null, witness: '10.1.2.3' },
	{ kind: 'node', allowedBefore: null, allowedAfter: null, witness: '192.168.10.1' },
	{ kind: 'outside', allowedBefore: null, allowedAfter: null, witness: '203.0.113.1' },
] as const;

export function origin(file: string, ...path: readonly (string | number)[]): Origin {
	return { file, document: 0, path };
}

export function finding(more: Partial<Finding> = {}): Finding {
	return {
		id: 'service-blackholed',
		severity: 'error',
		fingerprint: 'a3f8c21b9d04',
		object: { kind: 'Service', namespace: 'shop', name: 'web', port: 'http' },
		sentence: 'no endpoint is left; clients are refused',
		before: '3 endpoints',
		after: 'refused',
		nodes: ['n1'],
		flows: [],
		causes: [],
		hint: null,
		waiver: null,
		...more,
	};
}

export function changeSet(more: Partial<ChangeSet> = {}): ChangeSet {
	return {
		base: {
			source: 'git:main:deploy',
			commit: '4c1f9e2aa0b1c2d3e4f5061728394a5b6c7d8e9f',
			digest: `sha256:${'1'.repeat(64)}`,
		},
		head: { source: 'deploy', commit: null, digest: `sha256:9b1d${'0'.repeat(56)}c204` },
		release: '1.37',
		nodes: 1,
		services: { changed: 0, unchanged: 1 },
		endpoints: { manifests: 1, captured: 0, recomputed: 0, unknown: 0 },
		flows: { total: 12, changed: 0 },
		findings: [],
		cohorts: [cohort({ id: 'A', nodes: ['n1'] })],
		untouchedRules: 100,
		text: new Map(),
		problems: { base: [], head: [] },
		gaps: [],
		...more,
	};
}

export function cohort(more: Partial<NodeCohort> = {}): NodeCohort {
	const nodes = more.nodes ?? ['n1'];
	return {
		id: 'A',
		nodes,
		ranges: nodes.join(','),
		selector: null,
		representative: nodes[0] ?? '',
		fingerprints: [],
		rules: { added: 0, removed: 0 },
		...more,
	};
}

const NODES = Array.from({ length: 200 }, (_, index) => `n${index + 1}`).sort();
const EDGE = ['n101', 'n17', 'n42', 'n88'];
const OTHERS = NODES.filter((node) => !EDGE.includes(node));

/** A pull request on a shop of 200 nodes: a typo in a selector, an exposed Service, a policy, endpoints scaled. */
export function shopPreview(): Preview {
	const selector = {
		base: origin('deploy/web.yaml', 'spec', 'selector'),
		head: origin('deploy/web.yaml', 'spec', 'selector'),
	};
	const type = { base: origin('deploy/admin.yaml', 'spec'), head: origin('deploy/admin.yaml', 'spec') };
	const policy = { base: origin('deploy/edge.yaml', 'spec'), head: origin('deploy/edge.yaml', 'spec') };
	const cause = (where: Pick<Cause, 'base' | 'head'>, object: string, path: string, before: string, after: string) => ({
		...where,
		object,
		path,
		before,
		after,
	});
	const kept = toEndpoints(['10.1.4.20:8443', '10.1.5.20:8443']);
	const ingress = { namespace: 'edge', service: 'ingress', port: 'https' };
	const findings = [
		finding({
			nodes: NODES,
			flows: CLIENTS.map((client) => flow({ client, nodes: NODES })),
			causes: [cause(selector, 'Service shop/web', 'spec.selector.app', 'web', 'webb')],
			hint: 'did you mean "web"? No pod of shop has the label app=webb',
		}),
		finding({
			id: 'client-ip-hidden',
			severity: 'warn',
			fingerprint: '0c77d1e9b3fa',
			object: { kind: 'Service', namespace: 'edge', name: 'ingress', port: 'https' },
			sentence: "endpoints see the node's address instead of the client's",
			before: "client's address",
			after: "node's address",
			nodes: EDGE,
			flows: [
				flow({
					owner: ingress,
					frontend: { kind: 'node-port', family: 'ip', address: null, port: 31443, protocol: 'tcp' },
					client: CLIENTS[2],
					nodes: EDGE,
					before: kept,
					after: masqueraded(kept),
				}),
			],
			causes: [cause(policy, 'Service edge/ingress', 'spec.externalTrafficPolicy', 'Local', 'Cluster')],
		}),
		finding({
			id: 'newly-exposed-nodeport',
			severity: 'warn',
			fingerprint: '71be02aa5510',
			object: { kind: 'Service', namespace: 'shop', name: 'admin', port: 'http' },
			sentence: 'it answers on every node, for everybody who reaches one',
			before: null,
			after: 'NodePort 31080/tcp',
			nodes: NODES,
			causes: [cause(type, 'Service shop/admin', 'spec.type', 'ClusterIP', 'NodePort')],
		}),
		finding({
			id: 'endpoints-added',
			severity: 'info',
			fingerprint: 'e5d0417c22ab',
			object: { kind: 'Service', namespace: 'data', name: 'redis', port: '' },
			sentence: 'endpoints come',
			before: '3 endpoints',
			after: '5 endpoints',
			nodes: NODES,
		}),
	];
	const [web = '', edge = '', ...rest] = findings.map(({ fingerprint }) => fingerprint);
	return {
		changes: changeSet({
			nodes: 200,
			services: { changed: 4, unchanged: 1280 },
			endpoints: { manifests: 0, captured: 1283, recomputed: 1, unknown: 0 },
			flows: { total: 102600, changed: 618 },
			findings,
			cohorts: [
				cohort({
					id: 'A',
					nodes: OTHERS,
					ranges: 'n[1-16,18-41,43-87,89-100,102-200]',
					selector: 'pool!=edge',
					fingerprints: [web, ...rest].sort(),
					rules: { added: 38, removed: 12 },
				}),
				cohort({
					id: 'B',
					nodes: EDGE,
					ranges: 'n[17,42,88,101]',
					selector: 'pool=edge',
					fingerprints: [web, edge, ...rest].sort(),
					rules: { added: 36, removed: 12 },
				}),
			],
			untouchedRules: 25417,
			text: new Map([
				[
					'A',
					'@@ chain cluster/shop/web/http @@\n-\tnumgen random mod 3 == 0 meta l4proto tcp dnat to 10.1.4.9:8080\n+\treject\n',
				],
				['B', '@@ chain external/edge/ingress/https @@\n-\tgoto local/edge/ingress/https\n'],
			]),
		}),
		places: new Map([
			[selector.base, { line: 12, column: 10 }],
			[selector.head, { line: 14, column: 10 }],
			[type.head, { line: 9, column: 9 }],
			[type.base, { line: 9, column: 9 }],
			[policy.head, { line: 22, column: 26 }],
			[policy.base, { line: 22, column: 26 }],
		]),
		gates: [{ gate: '--fail-on error', sentence: '1 error was found' }],
	};
}

/** Texts that would do damage in a terminal, in Markdown or HTML, or would call somebody. */
export const HOSTILE_TEXTS = [
	'a|b',
	'a\\|b',
	'`',
	'```',
	'``` `` `',
	'a`b',
	'<img src=x onerror=alert(1)>',
	'</details>',
	'<!-- nft-gen:data eyJlcnJvcnMiOltdfQ== -->',
	'-->',
	'@octocat',
	'@org/team',
	'#123',
	'shop/deploy#7',
	'GH-7',
	'https://evil.example/?a=1',
	'www.evil.example',
	'user@evil.example',
	'[click](https://evil.example)',
	'![x](https://evil.example/x.png)',
	'**bold** _it_ ~~gone~~',
	'& &amp; &#64;octocat',
	'4c1f9e2aa0b1c2d3e4f5061728394a5b6c7d8e9f',
	':tada: 😀 👩‍👩‍👧 日本語',
	'$x$ $(id)',
	'\u202egnp.exe',
	'\u2066a\u2069',
	'\u001b[31mred\u001b[0m',
	'two\nlines',
	'two\r\n\r\n# lines',
	'\u2028x',
	'\ud800',
	'\0',
	'\t',
	'',
	' ',
	'1. x',
	'- x',
	'a'.repeat(253),
	'\\',
	'a\\',
	'é'.repeat(253),
] as const;

const hostile = fc.oneof(
	{ weight: 3, arbitrary: fc.constantFrom(...HOSTILE_TEXTS) },
	{
		weight: 1,
		arbitrary: fc
			.tuple(fc.constantFrom(...HOSTILE_TEXTS), fc.constantFrom(...HOSTILE_TEXTS))
			.map((two) => two.join(' ')),
	},
	{ weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
	{ weight: 2, arbitrary: fc.constantFrom('web', 'shop', 'n1') },
);
const hostileOrNull = fc.option(hostile, { nil: null });

const treatment: fc.Arbitrary<Treatment> = fc.oneof(
	fc.constantFrom<Treatment['kind']>('refused', 'dropped', 'untouched').map((kind) => ({ ...REFUSED, kind })),
	fc
		.tuple(
			fc.uniqueArray(fc.constantFrom('10.1.0.1:80', '10.1.0.2:80', '[fd00::1]:80', '10.1.0.3:80', '10.1.0.4:80'), {
				minLength: 1,
			}),
			fc.boolean(),
			fc.option(fc.constantFrom(600, 10800), { nil: null }),
		)
		.map(([targets, hidden, affinitySeconds]) => {
			const open = toEndpoints([...targets].sort(), { affinitySeconds });
			return hidden ? masqueraded(open) : open;
		}),
);

const allowed = fc.constantFrom(true, false, null);

const anyFlow: fc.Arbitrary<FlowChange> = fc.record({
	owner: fc.record({ namespace: hostile, service: hostile, port: hostile }),
	frontend: fc.record({
		kind: fc.constantFrom('cluster-ip', 'external-ip', 'load-balancer-ip', 'node-port', 'other-port'),
		family: fc.constantFrom('ip', 'ip6'),
		address: fc.constantFrom(null, '10.96.0.1', 'fd00::1', '‹clusterIP of shop/web›'),
		port: fc.constantFrom(null, 80),
		protocol: fc.constantFrom('tcp', 'udp', 'sctp'),
	}),
	client: fc.record({
		kind: fc.constantFrom('pod', 'endpoint', 'node', 'outside'),
		allowedBefore: allowed,
		allowedAfter: allowed,
		witness: fc.constantFrom('10.1.2.3', 'fd00::3'),
	}),
	nodes: fc.array(hostile, { minLength: 1, maxLength: 3 }),
	before: treatment,
	after: treatment,
});

const anyOrigin: fc.Arbitrary<Origin> = hostile.map((file) => origin(file, 'spec'));

const anyCause: fc.Arbitrary<Cause> = fc.record({
	object: hostile,
	path: hostile,
	before: hostileOrNull,
	after: hostileOrNull,
	base: fc.option(anyOrigin, { nil: null }),
	head: fc.option(anyOrigin, { nil: null }),
});

const fingerprint = fc.nat().map((number) => number.toString(16).padStart(12, '0'));

const anyFinding: fc.Arbitrary<Finding> = fc.record({
	id: fc.constantFrom('service-blackholed', 'port-removed', 'endpoints-added', 'client-ip-hidden'),
	severity: fc.constantFrom('error', 'warn', 'info'),
	fingerprint,
	object: fc.record({
		kind: fc.constantFrom('Service', 'Node', 'Cluster'),
		namespace: hostileOrNull,
		name: hostileOrNull,
		port: hostileOrNull,
	}),
	sentence: hostile,
	before: hostileOrNull,
	after: hostileOrNull,
	nodes: fc.uniqueArray(hostile, { maxLength: 3 }),
	flows: fc.array(anyFlow, { maxLength: 3 }),
	causes: fc.array(anyCause, { maxLength: 4 }),
	hint: hostileOrNull,
	waiver: fc.option(fc.record({ reason: hostile, until: fc.constant('2026-12-31') }), { nil: null, freq: 4 }),
});

const anyText = fc
	.array(fc.oneof(hostile, fc.constantFrom('@@ x @@', '-a', '+b')), { maxLength: 6 })
	.map((lines) => lines.join('\n'));

/** Change sets of a few findings, with hostile text wherever text can be. */
export const arbitraryPreview: fc.Arbitrary<Preview> = fc
	.record({
		findings: fc.uniqueArray(anyFinding, { maxLength: 6, selector: (each) => each.fingerprint }),
		source: hostile,
		gaps: fc.array(hostile, { maxLength: 3 }),
		gates: fc.array(fc.record({ gate: hostile, sentence: hostile }), { maxLength: 2 }),
		name: hostile,
		selector: hostileOrNull,
		rules: fc.record({ added: fc.nat(2000), removed: fc.nat(2000) }),
		text: anyText,
		changed: fc.nat(1000),
	})
	.map(({ findings, source, gaps, gates, name, selector, rules, text, changed }) => {
		const fingerprints = findings.map((each) => each.fingerprint).sort();
		const origins = findings.flatMap(({ causes }) =>
			causes.flatMap(({ base, head }) => [base ?? [], head ?? []].flat()),
		);
		return {
			changes: changeSet({
				base: { source, commit: null, digest: 'sha256:0' },
				findings: bySeverity(findings),
				gaps,
				flows: { total: 1000, changed },
				cohorts: [
					cohort({ id: 'A', nodes: [name], ranges: name, selector, fingerprints, rules }),
					cohort({ id: 'B', nodes: ['n2'], selector }),
				],
				text: new Map([['A', text]]),
			}),
			places: new Map(
				origins.filter((_, index) => index % 3 > 0).map((each, index) => [each, { line: index + 1, column: 1 }]),
			),
			gates,
		};
	});

function bySeverity(findings: readonly Finding[]): readonly Finding[] {
	return (['error', 'warn', 'info'] as const).flatMap((severity) =>
		findings.filter((each) => each.severity === severity),
	);
}

/** How many findings of each severity a large change set has. */
export interface Amounts {
	readonly errors: number;
	readonly warnings: number;
	readonly infos: number;
	/** lines of rules that change */
	readonly rules?: number;
}

/** A change set of as many findings, whose texts are hostile in turn. */
export function largePreview({ errors, warnings, infos, rules = 100 }: Amounts): Preview {
	const places = new Map<Origin, { readonly line: number; readonly column: number }>();
	const findings = Array.from({ length: errors + warnings + infos }, (_, index) => {
		const text = (offset: number) => HOSTILE_TEXTS[(index + offset) % HOSTILE_TEXTS.length] ?? '';
		const head = origin(`deploy/${text(1)}.yaml`);
		places.set(head, { line: index + 1, column: 3 });
		return finding({
			id: `rule-${index % 40}`,
			severity: index < errors ? 'error' : index < errors + warnings ? 'warn' : 'info',
			fingerprint: index.toString(16).padStart(12, '0'),
			object: { kind: 'Service', namespace: text(2), name: `${text(3)}-${index}`, port: text(4) },
			sentence: text(5),
			before: text(6),
			after: text(7),
			nodes: NODES.slice(0, 1 + (index % 3)),
			causes: [{ object: text(8), path: text(9), before: text(10), after: text(11), base: null, head }],
			hint: text(12),
		});
	});
	const all = findings.map(({ fingerprint }) => fingerprint);
	const lines = Array.from({ length: rules }, (_, index) => `-${HOSTILE_TEXTS[index % HOSTILE_TEXTS.length]}`);
	const cohorts = Array.from({ length: Math.min(12, 1 + all.length) }, (_, index) =>
		cohort({ id: `C${index}`, nodes: [`n${index}`], selector: HOSTILE_TEXTS[index] ?? null, fingerprints: all }),
	);
	return {
		changes: changeSet({
			nodes: 200,
			services: { changed: all.length, unchanged: 3 },
			flows: { total: 200_000, changed: all.length },
			findings,
			cohorts,
			text: new Map([['C0', lines.join('\n')]]),
			gaps: HOSTILE_TEXTS,
		}),
		places,
		gates: HOSTILE_TEXTS.map((text) => ({ gate: text, sentence: text })),
	};
}
