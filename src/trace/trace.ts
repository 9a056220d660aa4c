import { compareBytes } from '../model/order.ts';
import type { Packet } from '../model/packet.ts';
import type { Hook, Ruleset, Table } from '../model/ruleset.ts';
import { type Fraction, ONE, plus, times } from './fraction.ts';
import type { Branch, ChainEnd, State, Step, World } from './state.ts';
import { indexOf } from './table-index.ts';
import { walkChain } from './walk.ts';

/** What becomes of a packet. `untouched` leaves this node's rules as it came, for whoever has the address. */
export type Fate =
	| { readonly kind: 'endpoint'; readonly address: string; readonly port: number; readonly masqueraded: boolean }
	| { readonly kind: 'untouched'; readonly masqueraded: boolean }
	| { readonly kind: 'refused' }
	| { readonly kind: 'dropped' };

/** One outcome with its exact probability, and the steps of one way to it. */
export interface Outcome {
	readonly fate: Fate;
	readonly probability: Fraction;
	readonly steps: readonly Step[];
}

type HookName = Hook['hook'];

/**
 * Every outcome of the first packet of a connection; the probabilities add up to one. Hooks are met in the kernel's order
 * (reference: kube-proxy semantics 4.3): what the node sends to itself passes output and then input.
 * @throws Error when the ruleset has no table of the packet's family, or mentions a chain it does not have
 */
export function trace(ruleset: Ruleset, packet: Packet, world: World): readonly Outcome[] {
	const table = ruleset.tables.find((each) => each.family === packet.family);
	if (table === undefined) throw new Error(`the ruleset has no table of family ${packet.family}`);
	const start: State = { packet, rewritten: false, marked: false, masqueraded: false, steps: [] };
	const first: readonly HookName[] = [packet.from === 'node' ? 'output' : 'prerouting'];
	const branches = throughHooks(first, start, table, world).flatMap((branch) => {
		if (branch.end !== 'fell-through') return [branch];
		return scale(throughHooks(laterHooks(branch.state, world), branch.state, table, world), branch.share);
	});
	return merged(branches);
}

function laterHooks({ packet }: State, world: World): readonly HookName[] {
	const isLocal = world.isLocal(packet.daddr);
	if (packet.from === 'node') return isLocal ? ['postrouting', 'input'] : ['postrouting'];
	return isLocal ? ['input'] : ['forward', 'postrouting'];
}

/** Through all base chains of the hooks, by priority. Being accepted ends a base chain, not the way. */
function throughHooks(
	hooks: readonly HookName[],
	state: State,
	table: Table,
	world: World,
): readonly Branch<ChainEnd>[] {
	const { byHook } = indexOf(table);
	const chains = hooks.flatMap((hook) => byHook.get(hook) ?? []);
	const start: readonly Branch<ChainEnd>[] = [{ share: ONE, state, end: 'fell-through' }];
	return chains.reduce<readonly Branch<ChainEnd>[]>(
		(branches, chain) =>
			branches.flatMap((branch) => {
				if (branch.end !== 'fell-through') return [branch];
				const walked = walkChain(chain.name, branch.state, table, world);
				return scale(walked, branch.share).map((each) =>
					each.end === 'accepted' ? { ...each, end: 'fell-through' } : each,
				);
			}),
		start,
	);
}

function scale(branches: readonly Branch<ChainEnd>[], share: Fraction): readonly Branch<ChainEnd>[] {
	return branches.map((branch) => ({ ...branch, share: times(branch.share, share) }));
}

/** Outcomes of equal fate as one, sorted by fate. */
function merged(branches: readonly Branch<ChainEnd>[]): readonly Outcome[] {
	const outcomes = new Map<string, Outcome>();
	for (const { state, end, share } of branches) {
		const fate = fateOf(state, end);
		const key = JSON.stringify(fate);
		const known = outcomes.get(key);
		const probability = known === undefined ? share : plus(known.probability, share);
		outcomes.set(key, { fate, probability, steps: known?.steps ?? state.steps });
	}
	return [...outcomes.entries()].sort(([a], [b]) => compareBytes(a, b)).map(([, outcome]) => outcome);
}

function fateOf({ packet, rewritten, masqueraded }: State, end: ChainEnd): Fate {
	if (end === 'dropped') return { kind: 'dropped' };
	if (end === 'refused') return { kind: 'refused' };
	if (rewritten) return { kind: 'endpoint', address: packet.daddr, port: packet.dport, masqueraded };
	return { kind: 'untouched', masqueraded };
}
