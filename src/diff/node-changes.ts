import type { Finding } from '../model/change-set.ts';
import { compareBytes } from '../model/order.ts';
import type { Comparison, FrameChange, ProgramChange } from './comparison.ts';
import { joinedRenames } from './renames.ts';
import { ruleCount } from './rule-count.ts';

/** What of a comparison decides about cohorts. */
export type RuleChanges = Pick<Comparison, 'nodes' | 'programs' | 'frames'>;

/** What of a finding decides about cohorts. */
export type NodeFinding = Pick<Finding, 'fingerprint' | 'nodes'>;

/** What changes on one node, as far as cohorts are told apart by it. */
export interface NodeChange {
	readonly name: string;
	/** the last mark, with those before it; nodes that have the same marks have the same object */
	marks: Marks | null;
	added: number;
	removed: number;
}

/** Something that happens on a node, and what else does. */
export interface Marks {
	readonly before: Marks | null;
	/** a finding's fingerprint; null where it is what becomes of a service port's rules */
	readonly fingerprint: string | null;
}

/**
 * Tells what changes on each node. It goes once over the nodes that each change names, and so costs as much as differs.
 * @returns sorted bytewise by name
 */
export function nodeChanges(
	{ nodes, programs, frames }: RuleChanges,
	findings: readonly NodeFinding[],
): readonly NodeChange[] {
	const names = nodeNames(nodes);
	const changes = new Map<string, NodeChange>(names.map((name) => [name, { name, marks: null, added: 0, removed: 0 }]));
	const found = new Map<string, Set<string>>();
	for (const { fingerprint, nodes: named } of findings) addAll(found, fingerprint, named);
	for (const [fingerprint, named] of found) mark(changes, named, fingerprint);
	const becomes = new Map<string, Set<string>>();
	for (const change of [...frames, ...joinedRenames(programs)]) {
		const { added, removed } = ruleCount(change);
		addAll(becomes, kindOf(change, added + removed === 0), change.nodes);
		for (const name of change.nodes) {
			const node = changes.get(name);
			if (node === undefined) continue;
			node.added += added;
			node.removed += removed;
		}
	}
	for (const named of becomes.values()) mark(changes, named, null);
	return [...changes.values()];
}

/** All nodes of both sides, sorted bytewise. */
export function nodeNames({ both, joined, left }: Comparison['nodes']): readonly string[] {
	return [...both, ...joined, ...left].sort(compareBytes);
}

/** Marks some nodes; of those that had the same marks, all that are among them have the same again. */
function mark(changes: ReadonlyMap<string, NodeChange>, names: Iterable<string>, fingerprint: string | null): void {
	const marked = new Map<Marks | null, Marks>();
	for (const name of names) {
		const node = changes.get(name);
		if (node === undefined) continue;
		const marks = marked.get(node.marks) ?? { before: node.marks, fingerprint };
		marked.set(node.marks, marks);
		node.marks = marks;
	}
}

function addAll(sets: Map<string, Set<string>>, key: string, names: readonly string[]): void {
	const set = sets.get(key);
	if (set === undefined) sets.set(key, new Set(names));
	else for (const name of names) set.add(name);
}

function kindOf(change: ProgramChange | FrameChange, isCosmetic: boolean): string {
	const owner = 'owner' in change ? [change.owner.namespace, change.owner.service, change.owner.port] : [];
	const becomes = change.before === null ? 'come' : change.after === null ? 'leave' : 'change';
	return JSON.stringify([change.family, ...owner, isCosmetic ? 'cosmetic' : becomes]);
}
