import type { Packet } from '../../src/model/packet.ts';
import type { Ruleset } from '../../src/model/ruleset.ts';
import { fractionText } from '../../src/trace/fraction.ts';
import type { Fate } from '../../src/trace/trace.ts';
import { trace } from '../../src/trace/trace.ts';
import { compiled } from '../support/compiled.ts';
import { AXES, type Combination, combinationName, combinations, networks, nodes, objects } from './policies.ts';

// The page that says what becomes of whom under which policies: made by the tracer from the rules of node n1.

const CLIENTS = {
	'pod on n1': { saddr: '10.244.1.9', from: 'network' },
	'n1 itself': { saddr: '192.168.10.1', from: 'node' },
	'pod on n2': { saddr: '10.244.2.9', from: 'network' },
	outside: { saddr: '203.0.113.9', from: 'network' },
} as const satisfies Readonly<Record<string, Pick<Packet, 'saddr' | 'from'>>>;

const ADDRESSES = {
	'the ClusterIP': { daddr: '10.96.0.20', dport: 80 },
	'the NodePort': { daddr: '192.168.10.1', dport: 30080 },
	'the load-balancer address': { daddr: '198.51.100.10', dport: 80 },
} as const satisfies Readonly<Record<string, Pick<Packet, 'daddr' | 'dport'>>>;

type Address = keyof typeof ADDRESSES;

const WORLD = { isLocal: (address: string) => address === '192.168.10.1' || address === '127.0.0.1' };

/** What becomes of each client at an address: `n1 n2`, `n3 ↩` where the endpoint sees the node's address, `refused`, `dropped`. */
function outcomes(ruleset: Ruleset, address: Address): readonly string[] {
	return Object.values(CLIENTS).map((client) => {
		const packet: Packet = { family: 'ip', protocol: 'tcp', iifname: '', ...client, ...ADDRESSES[address] };
		const traced = trace(ruleset, packet, WORLD);
		if (new Set(traced.map(({ probability }) => fractionText(probability))).size > 1)
			throw new Error('not equally likely');
		return cell(traced.map((outcome) => outcome.fate));
	});
}

function cell(fates: readonly Fate[]): string {
	const hidden = fates.some((fate) => 'masqueraded' in fate && fate.masqueraded);
	const words = fates.map((fate) => (fate.kind === 'endpoint' ? `n${fate.address.split('.')[2]}` : fate.kind));
	return `${words.join(' ')}${hidden ? ' ↩' : ''}`;
}

interface Row {
	readonly facets: readonly string[];
	readonly distributions: readonly string[];
	readonly cells: readonly string[];
}

const EXTERNAL: readonly Address[] = ['the NodePort', 'the load-balancer address'];

/** The whole page. @throws Error where combinations that share a row do not agree */
export function truthTable(): string {
	const rulesets = new Map(
		combinations().map((each) => [combinationName(each), compiled([...nodes(), networks(), ...objects(each)]).ruleset]),
	);
	const found = (each: Combination, address: Address) => {
		const ruleset = rulesets.get(combinationName(each));
		if (ruleset === undefined) throw new Error(`no ruleset for ${combinationName(each)}`);
		return outcomes(ruleset, address);
	};
	const all = combinations();
	const internal = rows(
		all,
		(each) => [each.internal === 'local' ? 'Local' : 'Cluster'],
		(each) => [found(each, 'the ClusterIP')],
	);
	const external = rows(
		all.filter((each) => each.type !== 'clusterip'),
		(each) => [each.external === 'local' ? 'Local' : 'Cluster'],
		(each) =>
			EXTERNAL.filter((address) => each.type === 'loadbalancer' || address === 'the NodePort').map((address) =>
				found(each, address),
			),
	);
	return page(internal, external);
}

/** Rows of equal policy, places of endpoints and outcomes are one. */
function rows(
	all: readonly Combination[],
	policy: (each: Combination) => readonly string[],
	cells: (each: Combination) => readonly (readonly string[])[],
): readonly Row[] {
	const merged = new Map<string, Row>();
	const seen = new Map<string, string>();
	for (const endpoints of AXES.endpoints) {
		for (const each of all.filter((combination) => combination.endpoints === endpoints)) {
			const facets = [...policy(each), PLACES[endpoints]];
			const [first = [], ...others] = cells(each);
			const key = JSON.stringify([facets, each.distribution]);
			const text = JSON.stringify(first);
			if (others.some((other) => JSON.stringify(other) !== text) || (seen.get(key) ?? text) !== text) {
				throw new Error(`${combinationName(each)} does not agree with others of its row`);
			}
			seen.set(key, text);
			const row = merged.get(JSON.stringify([facets, first])) ?? { facets, distributions: [], cells: first };
			const distributions = [...new Set([...row.distributions, each.distribution])];
			merged.set(JSON.stringify([facets, first]), { ...row, distributions });
		}
	}
	return [...merged.values()].sort((a, b) =>
		(a.facets[0] ?? '') < (b.facets[0] ?? '') ? -1 : a.facets[0] === b.facets[0] ? 0 : 1,
	);
}

const PLACES: Readonly<Record<Combination['endpoints'], string>> = {
	here: 'n1, n2, n3',
	zone: 'n2, n3, n4',
	otherzone: 'n3, n4',
	terminatinghere: 'n1 terminating; n2, n3',
	terminating: 'n1, n2, n3, all terminating',
	none: 'none',
};

function table(title: string, list: readonly Row[]): string {
	const head = [title, 'endpoints on', 'distribution', ...Object.keys(CLIENTS)];
	const lines = list.map((row) => {
		const distributions = row.distributions.length === AXES.distribution.length ? ['any'] : row.distributions;
		return [...row.facets, distributions.join(', '), ...row.cells];
	});
	return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function page(internal: readonly Row[], external: readonly Row[]): string {
	return `# What becomes of whom

Every combination of Service type, internalTrafficPolicy, externalTrafficPolicy, distribution and place of the endpoints is a
file of this folder: ${combinations().length} of them. This page is what they say, as node n1 treats the packets; combinations with the same outcome
share a row. Nodes n1 and n2 are in zone a, n3 and n4 in zone b, with as much CPU each. \`n1 n2\` is an endpoint on one of these nodes,
each as likely; ↩ says that it sees n1's address instead of the client's. It is made by the tracer (\`npm run goldens\`).

## At the ClusterIP

It does not matter what type the Service has. An internalTrafficPolicy that is not set is Cluster.

${table('internal', internal)}

## At a NodePort of n1 and at a load-balancer address

Both are treated alike, whatever the internalTrafficPolicy.

${table('external', external)}
`;
}
