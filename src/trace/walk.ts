import { parseSocket, socketText } from '../model/ip.ts';
import type { Action, Chain, Rule, SpreadTarget, Table } from '../model/ruleset.ts';
import { type Fraction, ONE, oneIn, rest, times, ZERO } from './fraction.ts';
import { fieldText, likelihood } from './match.ts';
import type { Branch, ChainEnd, State, World } from './state.ts';
import { indexOf } from './table-index.ts';

/** All ways of a packet through one chain and those it leads to, with their shares; shares add up to one. */
export function walkChain(name: string, state: State, table: Table, world: World): readonly Branch<ChainEnd>[] {
	const chain = indexOf(table).chains.get(name);
	if (chain === undefined) throw new Error(`the ruleset has no chain ${name}`);
	return walkRules(chain, 0, state, table, world);
}

/** Rule by rule in a loop: a chain with session affinity has two for each endpoint, too many to go through by recursion. */
function walkRules(chain: Chain, from: number, state: State, table: Table, world: World): readonly Branch<ChainEnd>[] {
	const branches: Branch<ChainEnd>[] = [];
	let left = ONE;
	for (const [index, rule] of chain.rules.entries()) {
		if (index < from) continue;
		const chance = rule.when.reduce((share, match) => times(share, likelihood(match, state, table, world)), ONE);
		if (chance.of === ZERO.of) continue;
		const onward = (next: State) => walkRules(chain, index + 1, next, table, world);
		const taken = act({ chain, index, rule, onward, table, world }, 0, state);
		for (const branch of scaled(taken, times(left, chance))) branches.push(branch);
		if (chance.of === chance.in) return branches;
		left = times(left, rest(chance));
	}
	return [...branches, { share: left, state, end: 'fell-through' }];
}

/** A rule being carried out, and how the packet goes on when it is done. */
interface Acting {
	readonly chain: Chain;
	readonly index: number;
	readonly rule: Rule;
	readonly onward: (state: State) => readonly Branch<ChainEnd>[];
	readonly table: Table;
	readonly world: World;
}

/** The packet after the rule did something to it, with that as its latest step. */
type Acted = (did: string, change?: Partial<State>, note?: string | null) => State;

function act(acting: Acting, at: number, before: State): readonly Branch<ChainEnd>[] {
	const action = acting.rule.then[at];
	if (action === undefined) return acting.onward(before);
	const { chain, index, rule } = acting;
	const state: Acted = (did, change = {}, note = rule.note ?? chain.comment) => {
		return { ...before, ...change, steps: [...before.steps, { chain: chain.name, rule: index, did, note }] };
	};
	const next = (after: State) => act(acting, at + 1, after);
	switch (action.kind) {
		case 'drop':
			return [{ share: ONE, state: state('drop'), end: 'dropped' }];
		case 'reject':
			return [{ share: ONE, state: state('reject'), end: 'refused' }];
		case 'return':
			return [{ share: ONE, state: state('return'), end: 'fell-through' }];
		case 'masquerade':
			return [{ share: ONE, state: state('masquerade', { masqueraded: true }), end: 'accepted' }];
		case 'dnat': {
			const target = parseSocket(action.target);
			return [
				{
					share: ONE,
					state: rewritten(state(`dnat to ${action.target}`), target.address, Number(target.port)),
					end: 'accepted',
				},
			];
		}
		case 'spread':
			return action.targets.map((target) =>
				spreadBranch(target, action.targets.length, state(`dnat to ${socketText(target.address, target.port)}`)),
			);
		case 'goto':
			return walkChain(action.chain, state(`goto ${action.chain}`), acting.table, acting.world);
		case 'jump':
			return walkChain(action.chain, before, acting.table, acting.world).flatMap((branch) =>
				branch.end === 'fell-through' ? scaled(next(branch.state), branch.share) : [branch],
			);
		case 'dispatch':
			return dispatch(action, acting, state, next, before);
		case 'mark':
			return next(state('mark for masquerading', { marked: true }));
		case 'unmark':
			return next({ ...before, marked: false });
		case 'remember':
			return next(before);
	}
}

function dispatch(
	action: Extract<Action, { kind: 'dispatch' }>,
	acting: Acting,
	state: Acted,
	next: (after: State) => readonly Branch<ChainEnd>[],
	before: State,
): readonly Branch<ChainEnd>[] {
	const key = action.fields.map((field) => fieldText(field, before)).join(' . ');
	const element = indexOf(acting.table).maps.get(action.map)?.get(key);
	if (element === undefined) return next(before);
	const { verdict } = element;
	const acted = (did: string) => state(did, {}, element.note ?? acting.rule.note);
	if (verdict.kind === 'drop') return [{ share: ONE, state: acted(`drop, as ${action.map} says`), end: 'dropped' }];
	return walkChain(verdict.chain, acted(`goto ${verdict.chain}`), acting.table, acting.world);
}

function spreadBranch(target: SpreadTarget, of: number, state: State): Branch<ChainEnd> {
	return { share: oneIn(of), state: rewritten(state, target.address, target.port), end: 'accepted' };
}

function rewritten(state: State, daddr: string, dport: number): State {
	return { ...state, rewritten: true, packet: { ...state.packet, daddr, dport } };
}

function scaled<End>(branches: readonly Branch<End>[], share: Fraction): readonly Branch<End>[] {
	if (share.of === ZERO.of) return [];
	return branches.map((branch) => ({ ...branch, share: times(branch.share, share) }));
}
