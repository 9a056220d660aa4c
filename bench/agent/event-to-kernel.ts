import { writeFileSync } from 'node:fs';
import { type Agent, newAgent } from '../../src/agent/agent.ts';
import { together } from '../../src/agent/observer.ts';
import { PERIODS } from '../../src/agent/schedule.ts';
import { newSender } from '../../src/agent/send.ts';
import { newTables } from '../../src/agent/tables.ts';
import { builtInTemplates } from '../../src/cli/built-in-templates.ts';
import { NFT, type NftOptions } from '../../src/host/nft/nft-process.ts';
import { nftTables } from '../../src/host/nft/nft-tables.ts';
import { newFollower } from '../../src/incremental/follower.ts';
import { showBy } from '../../src/render/templates.ts';
import { removeLoaded } from '../measure/load.ts';
import { SETTINGS } from '../settings.ts';
import { seededRandom } from '../state/random.ts';
import type { Workshop } from '../workshop.ts';
import { startBareNft } from './bare-nft.ts';
import { changingCluster, listEvents, putEvent } from './cluster.ts';

/** What one synchronisation took, all in seconds. */
export interface EventTimes {
	/** a bare `nft -f` of each of its transactions, in a table that is equal */
	readonly bare: number;
	/** from the event until nft was done */
	readonly agent: number;
	/** of that, until the text of the first transaction was there */
	readonly own: number;
}

/** What changes took. */
export interface ChangeTimes {
	/** changed slices, one at a time */
	readonly single: readonly EventTimes[];
	/** so many that changed at once */
	readonly bursts: readonly EventTimes[];
}

/** Of how many changes, and bursts, the times are wanted. */
export interface ChangeCounts {
	readonly single: number;
	readonly bursts: number;
}

/** Slices that change at once, an endpoint of each. */
export const BURST = 1_000;

/** The first ones find code that is not compiled yet. */
const WARM_UP = 20;

/** Has an agent follow changes, and applies its transactions to an equal table by a bare nft. */
export async function changeTimes(workshop: Workshop, services: number, counts: ChangeCounts): Promise<ChangeTimes> {
	const { namespaces } = workshop;
	const [ours, equal] = [namespaces.add(), namespaces.add()];
	const bare = startBareNft(equal);
	const file = workshop.file('transaction.nft');
	const applyBare = (text: string) => {
		writeFileSync(file, text);
		return bare.apply(file);
	};
	const follower = await startFollower(ours);
	try {
		const cluster = changingCluster(services, seededRandom(1));
		const first = await follower.begin(() => {
			for (const event of listEvents(cluster.objects())) follower.agent.onEvent(event);
			follower.agent.onSynced();
		});
		for (const text of first.texts) await applyBare(text);
		const times = async (changes: number): Promise<EventTimes> => {
			const events = Array.from({ length: changes }, () => putEvent(cluster.change().slice));
			const { texts, own, seconds } = await follower.begin(() => events.forEach(follower.agent.onEvent));
			if (texts.length === 0) throw new Error('a changed slice made no transaction');
			let bare = 0;
			for (const text of texts) bare += await applyBare(text);
			// The kernel frees what was replaced in the background.
			await new Promise((resolve) => setTimeout(resolve, 10));
			return { agent: seconds, own, bare };
		};
		const single: EventTimes[] = [];
		for (let number = 0; number < WARM_UP + counts.single; number++) single.push(await times(1));
		const bursts: EventTimes[] = [];
		for (let number = 0; number < counts.bursts; number++) bursts.push(await times(BURST));
		return { single: single.slice(WARM_UP), bursts };
	} finally {
		await follower.end();
		await bare.close();
		for (const namespace of [ours, equal]) removeLoaded(namespaces, namespace);
	}
}

/** What a synchronisation did. */
export interface Followed {
	readonly texts: readonly string[];
	/** until the first text was there, in seconds */
	readonly own: number;
	readonly seconds: number;
}

/** An agent in this process. */
export interface Follower {
	readonly agent: Agent;
	/** Does something, and waits until it is in the kernel. */
	readonly begin: (work: () => void) => Promise<Followed>;
	readonly end: () => Promise<void>;
}

/** An agent that writes to a namespace's tables at once, and looks at them no more than it has to. */
export async function startFollower(namespace: string): Promise<Follower> {
	const nft: NftOptions = { ...NFT, command: ['ip', 'netns', 'exec', namespace, 'nft'] };
	const state = { texts: [] as string[], start: 0, own: 0, done: (_: null) => {} };
	const show = showBy(await builtInTemplates());
	const tables = nftTables(nft);
	const apply = (text: string) => {
		if (state.texts.length === 0) state.own = (performance.now() - state.start) / 1000;
		state.texts.push(text);
		return tables.apply(text);
	};
	const kernel = { ...tables, apply };
	const observer = together([
		{
			onSyncEnd: (results) => {
				const failed = results.find(({ kind }) => kind === 'failed');
				if (failed?.kind === 'failed') throw new Error(failed.reason);
				state.done(null);
			},
		},
	]);
	const never = Number.POSITIVE_INFINITY;
	const periods = { ...PERIODS, minSync: 0, fence: never, verify: never, cleanUp: never };
	const agent = newAgent(
		newTables(
			newFollower(SETTINGS),
			newSender(kernel, show, () => {}),
		),
		periods,
		observer,
	);
	const stop = new AbortController();
	const running = agent.run(stop.signal, false);
	const begin = async (work: () => void) => {
		state.texts = [];
		const done = new Promise<null>((resolve) => {
			state.done = resolve;
		});
		state.start = performance.now();
		work();
		await Promise.race([done, running]);
		return { texts: state.texts, own: state.own, seconds: (performance.now() - state.start) / 1000 };
	};
	const end = async () => {
		stop.abort();
		await running;
	};
	return { agent, begin, end };
}
