import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ClusterEvent } from '../../src/host/watch/watch-cluster.ts';
import { removeLoaded } from '../measure/load.ts';
import { seededRandom } from '../state/random.ts';
import type { Workshop } from '../workshop.ts';
import { startBareNft } from './bare-nft.ts';
import { changingCluster, putEvent } from './cluster.ts';
import type { Followed } from './follower.ts';

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

const SEED = 1;

/** The kernel frees what was replaced in the background. */
const FREEING_MS = 10;

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
	const follower = startFollowerProcess(ours, services);
	try {
		const cluster = changingCluster(services, seededRandom(SEED));
		const first = await follower.followed();
		for (const text of first.texts) await applyBare(text);
		const times = async (changes: number): Promise<EventTimes> => {
			const events = Array.from({ length: changes }, () => putEvent(cluster.change().slice));
			const { texts, own, seconds } = await follower.follow(events);
			if (texts.length === 0) throw new Error('a changed slice made no transaction');
			await pause(FREEING_MS);
			let bare = 0;
			for (const text of texts) bare += await applyBare(text);
			await pause(FREEING_MS);
			return { agent: seconds, own, bare };
		};
		const single: EventTimes[] = [];
		for (let number = 0; number < WARM_UP + counts.single; number++) single.push(await times(1));
		const bursts: EventTimes[] = [];
		for (let number = 0; number < counts.bursts; number++) bursts.push(await times(BURST));
		return { single: single.slice(WARM_UP), bursts };
	} finally {
		follower.end();
		await bare.close();
		for (const namespace of [ours, equal]) removeLoaded(namespaces, namespace);
	}
}

/** An agent in a process of its own. */
interface FollowerProcess {
	/** what the next synchronisation did; the first one is of the whole cluster */
	readonly followed: () => Promise<Followed>;
	readonly follow: (events: readonly ClusterEvent[]) => Promise<Followed>;
	readonly end: () => void;
}

/** What starts nft is copied for that: how large this process is would else be a part of what is measured. */
function startFollowerProcess(namespace: string, services: number): FollowerProcess {
	const file = fileURLToPath(new URL('follower-process.ts', import.meta.url));
	const child = fork(file, [namespace, String(services), String(SEED)], { execArgv: ['--import', 'tsx'] });
	const exited = once(child, 'exit').then(([code]) => {
		throw new Error(`the agent that is measured ended with ${code}`);
	});
	exited.catch(() => {});
	const followed = async (): Promise<Followed> => {
		const [answer] = await Promise.race([once(child, 'message'), exited]);
		return answer;
	};
	const follow = (events: readonly ClusterEvent[]) => {
		child.send(events);
		return followed();
	};
	return { followed, follow, end: () => child.disconnect() };
}
