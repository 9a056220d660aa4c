import type { Node } from '../model/cluster-state.ts';
import { isDnsSubdomain, isLabelValue } from '../model/names.ts';
import { compareBytes } from '../model/order.ts';
import { type NodeSet, nodeSet, without } from './node-set.ts';

export type LabelledNode = Pick<Node, 'name' | 'labels'>;

/** One requirement of a label selector, and the nodes that meet it. */
export interface LabelTerm {
	/** as kubectl takes it: `pool=edge`, `pool!=edge`, `gpu`, `!gpu` */
	readonly text: string;
	readonly nodes: NodeSet;
}

/** Names its node and no group of nodes. */
const NODE_NAME_LABEL = 'kubernetes.io/hostname';

/** Keys by which people divide a cluster: the kubelet's and the clouds' labels of zones, regions, node pools and roles. */
const GROUP_KEY = /zone|region|topology|pool|group|role/;

/** So many zones or pools may be a node each; where there are more, the key is the nodes' own. */
const MOST_LONE_GROUPS = 8;

/** The order in which terms are preferred. */
const FORM = { equal: 0, exists: 1, unequal: 2, absent: 3 } as const;

interface RankedTerm extends LabelTerm {
	readonly rank: readonly number[];
}

/**
 * What can be asked of the nodes' labels: keys of groups first, then what says yes before what says no, then keys with few values.
 * Left out are keys and values that Kubernetes does not allow, empty values, and values of a key that differs on every node.
 */
export function labelTerms(nodes: readonly LabelledNode[]): readonly LabelTerm[] {
	const terms = [...valuesByKey(nodes)].flatMap(([key, values]) => termsOf(key, values, nodes.length));
	return terms.sort((a, b) => compareRanks(a.rank, b.rank) || compareBytes(a.text, b.text));
}

type Values = ReadonlyMap<string, readonly number[]>;

/** The numbers of the nodes that have a label, by key and value. */
function valuesByKey(nodes: readonly LabelledNode[]): ReadonlyMap<string, Values> {
	const keys = new Map<string, Map<string, number[]>>();
	for (const [number, node] of nodes.entries()) {
		for (const [key, value] of node.labels) {
			if (key === NODE_NAME_LABEL || !isLabelKey(key) || !isLabelValue(value)) continue;
			const values = keys.get(key) ?? new Map<string, number[]>();
			keys.set(key, values);
			const numbers = values.get(value);
			if (numbers === undefined) values.set(value, [number]);
			else numbers.push(number);
		}
	}
	return keys;
}

function termsOf(key: string, values: Values, count: number): readonly RankedTerm[] {
	const isGroup = GROUP_KEY.test(key);
	const everyNode = nodeSet(count, Array(count).keys());
	const carriers = [...values.values()].flat();
	const isOfOneNode = carriers.length === values.size && values.size > (isGroup ? MOST_LONE_GROUPS : 2);
	const term = (form: number, text: string, nodes: NodeSet): RankedTerm => {
		return { text, nodes, rank: [isGroup ? 0 : 1, form, values.size, key.length] };
	};
	const asked = (value: string | null, numbers: readonly number[]) => {
		const nodes = nodeSet(count, numbers);
		const others = without(everyNode, nodes);
		return value === null
			? [term(FORM.exists, key, nodes), term(FORM.absent, `!${key}`, others)]
			: [term(FORM.equal, `${key}=${value}`, nodes), term(FORM.unequal, `${key}!=${value}`, others)];
	};
	const named = [...values].filter(([value]) => value !== '' && !isOfOneNode);
	return [...asked(null, carriers), ...named.flatMap(([value, numbers]) => asked(value, numbers))];
}

/** A key of a label: a name, with a DNS prefix or without (apimachinery `pkg/util/validation` IsQualifiedName). */
function isLabelKey(text: string): boolean {
	const parts = text.split('/');
	const name = parts.at(-1) ?? '';
	const hasPrefix = parts.length === 2 && isDnsSubdomain(parts[0] ?? '');
	return name !== '' && isLabelValue(name) && (parts.length === 1 || hasPrefix);
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
	const at = a.findIndex((number, index) => number !== b[index]);
	return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
