import type { FlowChange } from '../model/change-set.ts';
import { type ByFamily, socketText } from '../model/ip.ts';
import type { Loadable } from '../model/loadable.ts';
import type { Listener } from '../model/probe.ts';
import type { NotReplayed, Replay, ReplayMismatch, ReplayStrays } from '../model/replay.ts';
import type { Ruleset } from '../model/ruleset.ts';
import type { NetworkSettings } from '../model/settings.ts';
import type { Symbols } from '../model/symbols.ts';
import type { Show } from '../render/templates.ts';
import { fractionText } from '../trace/fraction.ts';
import type { Fate } from '../trace/trace.ts';
import { loadableOf } from './loadable.ts';
import { replayPlan } from './replay-plan.ts';
import { agrees, type Bench, replayScene, type Trial } from './replay-scene.ts';
import { type Scene, type SideName, type States, sceneOf, tracedIn } from './scene.ts';

/** A node with a network around it, where rules are loaded and packets sent; `host/sandbox` has one. */
export interface Stage extends Pick<Bench, 'probe'> {
	/** null when it is loaded */
	readonly load: (ruleset: Loadable) => Promise<{ readonly why: string } | null>;
	readonly apply: (text: string) => Promise<void>;
	readonly listen: (listeners: readonly Listener[]) => Promise<void>;
	readonly strays: () => Promise<readonly string[]>;
	readonly close: () => Promise<void>;
}

export type OpenStage = (own: ByFamily<readonly string[]>) => Promise<Stage | { readonly why: string }>;

/** What is replayed. */
export interface ReplayRequest extends States {
	/** with what stands for symbols in place of them */
	readonly flows: readonly FlowChange[];
	readonly symbols: Symbols;
	readonly network: NetworkSettings;
	/** nodes that stand for others, the best first */
	readonly preferred: readonly string[];
	readonly show: Show;
}

const SIDES: readonly SideName[] = ['before', 'after'];

/**
 * Sends real packets for each changed flow class through the rules of a node, before and after, and compares what becomes of
 * them with what the comparison says.
 * @throws Error when the kernel does not take a ruleset, or an address cannot be listened at
 */
export async function replay(request: ReplayRequest, open: OpenStage): Promise<Replay | NotReplayed> {
	const { flows, symbols, network, preferred, show } = request;
	const plan = replayPlan(flows, preferred, { symbols, detectLocal: network.detectLocal });
	const mismatches: ReplayMismatch[] = [];
	const strays: ReplayStrays[] = [];
	for (const [node, own] of plan.nodes) {
		// Most of the time is waiting for silence.
		const both = await Promise.allSettled(
			SIDES.map((side) => play(sceneOf(node, side, own, request, network), open, show)),
		);
		for (const [index, settled] of both.entries()) {
			if (settled.status === 'rejected') throw settled.reason;
			const played = settled.value;
			if ('why' in played) return { kind: 'not-replayed', why: played.why };
			mismatches.push(...played.mismatches);
			const side = SIDES[index] ?? 'before';
			if (played.strays.length > 0) strays.push({ node, side, addresses: played.strays });
		}
	}
	const sent = [...plan.nodes.values()].flat().length;
	const differing = new Set(mismatches.map(({ flow }) => flow)).size;
	const nodes = [...plan.nodes.keys()];
	return { kind: 'replayed', sent, agreeing: sent - differing, nodes, mismatches, strays, skipped: plan.skipped };
}

interface Played {
	readonly mismatches: readonly ReplayMismatch[];
	readonly strays: readonly string[];
}

async function play(scene: Scene, open: OpenStage, show: Show): Promise<Played | { readonly why: string }> {
	const { ruleset, trials, own } = scene;
	const stage = await open(own);
	if ('why' in stage) return stage;
	try {
		const obstacle = await stage.load(loadableOf(ruleset, show));
		if (obstacle !== null) return obstacle;
		await stage.listen(scene.listeners);
		const forgetting = flushes(ruleset);
		const forget = () => (forgetting === '' ? Promise.resolve() : stage.apply(forgetting));
		const seen = await replayScene(trials, [...own.ip, ...own.ip6], { probe: stage.probe, forget });
		const mismatches = trials.flatMap((trial, index) => {
			const outcomes = seen[index] ?? [];
			return agrees(trial, outcomes) ? [] : [mismatchOf(scene, trial, outcomes)];
		});
		return { mismatches, strays: await stage.strays() };
	} finally {
		await stage.close();
	}
}

/** Commands that empty the sets of clients that session affinity remembers. */
function flushes({ tables }: Ruleset): string {
	const lines = tables.flatMap(({ family, name, sets }) =>
		sets.filter((set) => set.timeout !== null).map((set) => `flush set ${family} ${name} ${set.name}\n`),
	);
	return lines.join('');
}

function mismatchOf(scene: Scene, { flow, probe, expected }: Trial, seen: readonly string[]): ReplayMismatch {
	const { source, address, port, protocol } = probe;
	return {
		flow,
		side: scene.side,
		node: scene.node,
		sent: `${source} to ${socketText(address, port)}/${protocol}`,
		expected: expected.outcomes,
		seen,
		ways: waysOf(scene, { flow, probe }),
	};
}

/** What the tracer says of the same packet in the whole ruleset. */
function waysOf(scene: Scene, sent: Pick<Trial, 'flow' | 'probe'>): readonly string[] {
	return tracedIn(scene, sent).map(({ fate, probability, steps }) => {
		const way = steps.map(({ chain, did }) => `${chain}: ${did}`).join('; ');
		return `${fractionText(probability)} ${fateText(fate)}, by ${way === '' ? 'no rule' : way}`;
	});
}

function fateText(fate: Fate): string {
	if (fate.kind !== 'endpoint') return fate.kind;
	return `${socketText(fate.address, fate.port)}${fate.masqueraded ? ', masqueraded' : ''}`;
}
