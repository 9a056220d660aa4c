import { type LabelledNode, type LabelTerm, labelTerms } from './label-terms.ts';
import { firstBeyond, hasNode, inBoth, type NodeSet, nodeSet } from './node-set.ts';

/** Finds the selector of some nodes, by their names. */
export type FindSelector = (names: readonly string[]) => string | null;

/**
 * Prepares the search for label selectors in a cluster.
 * @returns what gives the smallest selector that names exactly those nodes: one requirement, or two (`pool=edge,!gpu`);
 *   null where none does, and where the nodes are all, none or not of the cluster. A single node gets no two requirements:
 *   its name is shorter.
 */
export function selectorFinder(nodes: readonly LabelledNode[]): FindSelector {
	const numbers = new Map(nodes.map((node, number) => [node.name, number]));
	const everyNode = nodeSet(nodes.length, nodes.keys());
	const terms = labelTerms(nodes);
	return (names) => {
		const members = names.flatMap((name) => numbers.get(name) ?? []);
		const wanted = nodeSet(nodes.length, members);
		const stranger = firstBeyond(everyNode, wanted);
		if (stranger === null || members.length === 0 || members.length < names.length) return null;
		const covering = terms.filter((term) => firstBeyond(wanted, term.nodes) === null);
		const one = covering.find((term) => firstBeyond(term.nodes, wanted) === null);
		if (one !== undefined) return one.text;
		return members.length === 1 ? null : bestPair(covering, wanted, stranger);
	};
}

/**
 * The two best terms that leave nothing but what is wanted. One of them has to leave out the first stranger, the other the
 * first one that this leaves in: few do, so that few pairs are compared.
 * @param covering terms that hold for all that is wanted, the best first
 */
function bestPair(covering: readonly LabelTerm[], wanted: NodeSet, stranger: number): string | null {
	let best: readonly [number, number] | null = null;
	for (const [index, term] of covering.entries()) {
		if (hasNode(term.nodes, stranger)) continue;
		const next = firstBeyond(term.nodes, wanted);
		const other = covering.findIndex(
			(each) =>
				next !== null && !hasNode(each.nodes, next) && firstBeyond(inBoth(term.nodes, each.nodes), wanted) === null,
		);
		if (other < 0) continue;
		const pair = [Math.max(index, other), Math.min(index, other)] as const;
		if (best === null || pair[0] < best[0] || (pair[0] === best[0] && pair[1] < best[1])) best = pair;
	}
	return best === null ? null : `${covering[best[1]]?.text},${covering[best[0]]?.text}`;
}
