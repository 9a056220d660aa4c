import type { NodeCohort } from '../model/change-set.ts';
import { compareBytes } from '../model/order.ts';
import { type FindSelector, selectorFinder } from './label-selector.ts';
import type { LabelledNode } from './label-terms.ts';
import {
	type Marks,
	type NodeChange,
	type NodeFinding,
	nodeChanges,
	nodeNames,
	type RuleChanges,
} from './node-changes.ts';
import { nodeRanges } from './node-ranges.ts';

const NO_LABELS: LabelledNode['labels'] = new Map();

/** Nodes on which the same changes. */
type Group = readonly [NodeChange, ...NodeChange[]];

/**
 * Groups nodes: one cohort has the same findings, and rules of the same service ports come, leave and change, as many in
 * all. Which endpoints are a node's own tells nobody apart: nodes on which the same becomes of other endpoints are one cohort.
 * The largest cohort is first, of equal ones that with the first node.
 * @param comparison of its nodes all are in a cohort, also those that joined and left
 * @param findings what they say of other nodes is passed over
 * @param nodes for their labels; of two with one name the later one counts
 */
export function cohorts(
	comparison: RuleChanges,
	findings: readonly NodeFinding[],
	nodes: readonly LabelledNode[],
): readonly NodeCohort[] {
	const labels = new Map(nodes.map((node) => [node.name, node.labels]));
	const labelled = nodeNames(comparison.nodes).map((name) => ({ name, labels: labels.get(name) ?? NO_LABELS }));
	const selectorOf = selectorFinder(labelled);
	// Sorting is stable, and groups are in the order of their first nodes.
	return [...groupsOf(nodeChanges(comparison, findings))]
		.sort((a, b) => b.length - a.length)
		.map((group, index) => cohort(cohortId(index), group, selectorOf));
}

function groupsOf(changes: readonly NodeChange[]): readonly Group[] {
	const byMarks = new Map<Marks | null, Map<string, [NodeChange, ...NodeChange[]]>>();
	const groups: Group[] = [];
	for (const change of changes) {
		const byCount = byMarks.get(change.marks) ?? new Map<string, [NodeChange, ...NodeChange[]]>();
		byMarks.set(change.marks, byCount);
		const key = `${change.added} ${change.removed}`;
		const known = byCount.get(key);
		if (known !== undefined) {
			known.push(change);
			continue;
		}
		const group: [NodeChange, ...NodeChange[]] = [change];
		byCount.set(key, group);
		groups.push(group);
	}
	return groups;
}

function cohort(id: string, group: Group, selectorOf: FindSelector): NodeCohort {
	const nodes = group.map(({ name }) => name);
	const [{ name, marks, added, removed }] = group;
	return {
		id,
		nodes,
		ranges: nodeRanges(nodes),
		selector: selectorOf(nodes),
		representative: name,
		fingerprints: fingerprintsOf(marks),
		rules: { added, removed },
	};
}

function fingerprintsOf(marks: Marks | null): readonly string[] {
	const found: string[] = [];
	for (let each = marks; each !== null; each = each.before) if (each.fingerprint !== null) found.push(each.fingerprint);
	return found.sort(compareBytes);
}

/** `A` to `Z`, then `AA`, `AB`, … */
function cohortId(index: number): string {
	const letter = String.fromCharCode(65 + (index % 26));
	return index < 26 ? letter : `${cohortId(Math.floor(index / 26) - 1)}${letter}`;
}
