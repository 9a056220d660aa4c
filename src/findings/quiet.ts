import type { Comparison, ProgramChange } from '../diff/comparison.ts';
import { ruleCount } from '../diff/rule-count.ts';
import { servicePortName } from '../model/cluster-state.ts';
import { groupBy } from '../model/group-by.ts';
import { sortedBy } from '../model/order.ts';
import { CLUSTER, type Draft, draft, portObject, serviceObject } from './draft.ts';

/**
 * Finds what changes though no client notices: rules of a service port, or nothing but notes in them or the object.
 * @param loud Services of which another finding tells, as `NAMESPACE/NAME`
 */
export function quietChanges(comparison: Comparison, loud: ReadonlySet<string>): readonly Draft[] {
	const programs = comparison.programs.filter(({ owner }) => !loud.has(`${owner.namespace}/${owner.service}`));
	const changed = new Set(programs.map(({ owner }) => `${owner.namespace}/${owner.service}`));
	const silent = comparison.services.filter(({ namespace, name }) => {
		const key = `${namespace}/${name}`;
		return !loud.has(key) && !changed.has(key);
	});
	return [
		...[...groupBy(programs, ({ owner }) => servicePortName(owner)).values()].flatMap(rulesChange),
		...silent.map((service) =>
			draft({
				id: 'cosmetic',
				object: serviceObject(service),
				sentence: 'its object or endpoints change, but no rule of any node does',
			}),
		),
	];
}

function rulesChange(changes: readonly ProgramChange[]): readonly Draft[] {
	const [first] = changes;
	if (first === undefined) return [];
	const isCosmetic = changes.every((change) => {
		const { added, removed } = ruleCount(change);
		return added + removed === 0;
	});
	const found = draft({
		id: isCosmetic ? 'cosmetic' : 'rules-only',
		object: portObject(first.owner),
		sentence: isCosmetic ? 'only notes in its rules change' : 'its rules change; every client is treated as before',
	});
	return [{ ...found, nodes: sortedBy(new Set(changes.flatMap(({ nodes }) => nodes)), (name) => name) }];
}

/** Finds nodes that come and go, and rules that no Service owns. */
export function nodeChanges({ nodes, frames }: Comparison): readonly Draft[] {
	const found = (
		id: 'nodes-joined' | 'nodes-left' | 'shared-rules-changed',
		sentence: string,
		names: readonly string[],
	) =>
		names.length === 0
			? []
			: [{ ...draft({ id, object: CLUSTER, sentence }), nodes: sortedBy(new Set(names), (name) => name) }];
	const framed = frames.flatMap((frame) => frame.nodes);
	return [
		...found('nodes-joined', 'nodes join', nodes.joined),
		...found('nodes-left', 'nodes leave', nodes.left),
		...found('shared-rules-changed', 'rules change that all Services share', framed),
	];
}
