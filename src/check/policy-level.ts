import type { CheckDraft } from '../model/check-report.ts';
import type { CheckId } from './catalogue.ts';
import { notLooked, withHolding } from './result.ts';
import { autoWithoutHints, unhintedEndpoints } from './traps/hints.ts';
import { localPolicyGaps } from './traps/local-policies.ts';
import { overloadedEndpoints } from './traps/overload.ts';
import { idleSelectors, unresolvedTargetPorts } from './traps/selection.ts';
import { oneFamilySourceRanges } from './traps/source-ranges.ts';
import type { Trap, Trapped } from './traps/trap.ts';

/** A trap, and which checks it makes: it is left out where none of them is asked for. */
interface Kind {
	readonly trap: Trap;
	readonly ids: readonly CheckId[];
	/** whether it asks what becomes of nodes */
	readonly ofNodes: boolean;
}

const TRAPS: readonly Kind[] = [
	{ trap: localPolicyGaps, ids: ['internal-local-gap', 'external-local-gap'], ofNodes: true },
	{ trap: unhintedEndpoints, ids: ['unhinted-endpoint'], ofNodes: true },
	{ trap: autoWithoutHints, ids: ['auto-without-hints'], ofNodes: false },
	{ trap: overloadedEndpoints, ids: ['overloaded-endpoint'], ofNodes: true },
	{ trap: oneFamilySourceRanges, ids: ['one-family-source-ranges'], ofNodes: false },
	{ trap: idleSelectors, ids: ['selector-matches-nothing'], ofNodes: false },
	{ trap: unresolvedTargetPorts, ids: ['target-port-unresolved'], ofNodes: false },
];

const NO_NODE = 'there is no Node in the input: pass --cluster FILE made by nft-gen capture';

/** Looks for traps that policies are known for, Service by Service. */
export function policyLevel(trapped: Trapped): readonly CheckDraft[] {
	const { choice, state } = trapped;
	const found = TRAPS.flatMap(({ trap, ids, ofNodes }) => {
		const asked = ids.filter((id) => choice.asked.has(id));
		if (asked.length === 0) return [];
		if (ofNodes && state.nodes.length === 0) return asked.map((id) => notLooked(id, NO_NODE, choice));
		return trap(trapped).filter(({ id }) => asked.some((each) => each === id));
	});
	return withHolding('policy', found, choice);
}
