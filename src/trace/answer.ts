import type { ClusterState } from '../model/cluster-state.ts';
import type { NodeView } from '../model/node-view.ts';
import type { Ruleset } from '../model/ruleset.ts';
import { addressBook, type Whereabouts } from './address-book.ts';
import type { Unresolved } from './ends.ts';
import { type Flow, flowsOf, type Question, worldOf } from './flow.ts';
import { type Outcome, trace } from './trace.ts';

/** What becomes of a packet, with all that people want to know of it. */
export interface Answer {
	readonly flow: Flow;
	readonly outcomes: readonly LocatedOutcome[];
}

/** An outcome, and who has the endpoint's address, where it ends at one. */
export interface LocatedOutcome extends Outcome {
	readonly where: Whereabouts | null;
}

/**
 * Answers a question about connections, one answer for each family, or says which name leads nowhere.
 * @param view the node's, of which the ruleset was made
 */
export function answer(
	question: Question,
	state: ClusterState,
	view: NodeView,
	ruleset: Ruleset,
): readonly Answer[] | Unresolved {
	const book = addressBook(state);
	const flows = flowsOf(question, state, view, book);
	if ('unresolved' in flows) return flows;
	return flows.map((flow) => {
		const { family } = flow.packet;
		const here = view.families.find((each) => each.family === family);
		if (here === undefined) throw new Error(`the node has no view of family ${family}`);
		const outcomes = trace(ruleset, flow.packet, worldOf(here)).map((outcome) => {
			const { fate } = outcome;
			const where = fate.kind === 'endpoint' ? book.whoHas(family, fate.address, fate.port) : null;
			return { ...outcome, where };
		});
		return { flow, outcomes };
	});
}
