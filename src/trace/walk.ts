import type { Action, Chain, Goto, Rule, SpreadTarget, Table } from '../model/ruleset.ts';
import { type Fraction, ONE, oneIn, rest, times, ZERO } from './fraction.ts';
import { fieldText, likelihood } from './match.ts';
import type { Branch, ChainEnd, State, World } from './state.ts';

/** All ways of a packet through one chain and those it leads to, with their shares; shares add up to one. */
export function walkChain(name: string, state: State, table: Table, world: World): readonly Branch<ChainEnd>[] {
	const chain = table.chains.find((each) => each.name === name);
	if (chain === undefined) throw new Error(`the ruleset has no chain ${name}`);
	return walkRules(chain, 0, state, table, world);
}

function walkRules(chain: Chain, index: number, state: State, table: Table, world: World): readonly Branch<ChainEnd>[] {
	const rule = chain.rules[index];
	if (rule === undefined) return [{ share: ONE, state, end: 'fell-through' }];
	const chance = rule.when.reduce<Fraction>(
		(share, match) => times(share, likelihood(match, state, table, world)),
		ONE,
	);
	const onward = (next: State) => walkRules(chain, index + 1, next, table, world);
	const taken = chance.of === 0n ? [] : act({ chain, index, rule, onward, table, world }, 0, state);
	const passed = chance.of === chance.in ? [] : onward(state);
	return [...scaled(taken, chance), ...scaled(passed, rest(chance))];
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

function act(acting: Acting, at: number, before: State): readonly Branch<ChainEnd>[] {
	const action = acting.rule.then[at];
	if (action === undefined) return acting.onward(before);
	const state = (did: string, change: Partial<State> = {}): State => {
		const step = { chain: acting.chain.name, rule: acting.index, did, note: acting.rule.note };
		return { ...before, ...change, steps: [...before.steps, step] };
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
		case 'dnat':
			return [
				{
					share: ONE,
					state: rewritten(state(`dnat to ${action.target}`), ...splitTarget(action.target)),
					end: 'accepted',
				},
			];
		case 'spread':
			return action.targets.map((target) =>
				spreadBranch(target, action.targets.length, state(`dnat to ${target.address}`)),
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
	state: (did: string) => State,
	next: (after: State) => readonly Branch<ChainEnd>[],
	before: State,
): readonly Branch<ChainEnd>[] {
	const map = acting.table.maps.find((each) => each.name === action.map);
	const key = action.fields.map((field) => fieldText(field, before));
	const element = map?.elements.find((each) => each.key.every((text, index) => text === key[index]));
	if (element === undefined) return next(before);
	const { verdict } = element;
	if (verdict.kind === 'drop') return [{ share: ONE, state: state(`drop, as ${action.map} says`), end: 'dropped' }];
	return walkChain(verdict.chain, state(`goto ${(verdict satisfies Goto).chain}`), acting.table, acting.world);
}

function spreadBranch(target: SpreadTarget, of: number, state: State): Branch<ChainEnd> {
	return { share: oneIn(of), state: rewritten(state, target.address, target.port), end: 'accepted' };
}

function rewritten(state: State, daddr: string, dport: number): State {
	return { ...state, rewritten: true, packet: { ...state.packet, daddr, dport } };
}

function splitTarget(target: string): [string, number] {
	const colon = target.lastIndexOf(':');
	return [target.slice(0, colon).replace(/^\[|\]$/g, ''), Number(target.slice(colon + 1))];
}

function scaled<End>(branches: readonly Branch<End>[], share: Fraction): readonly Branch<End>[] {
	if (share.of === ZERO.of) return [];
	return branches.map((branch) => ({ ...branch, share: times(branch.share, share) }));
}
