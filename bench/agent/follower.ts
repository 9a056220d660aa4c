import { type Agent, newAgent } from '../../src/agent/agent.ts';
import { together } from '../../src/agent/observer.ts';
import { PERIODS } from '../../src/agent/schedule.ts';
import { newSender } from '../../src/agent/send.ts';
import { newTables } from '../../src/agent/tables.ts';
import { newThrift } from '../../src/cli/agent/thrift.ts';
import { builtInTemplates } from '../../src/cli/built-in-templates.ts';
import { newLog } from '../../src/host/log.ts';
import { NFT, type NftOptions } from '../../src/host/nft/nft-process.ts';
import { nftTables } from '../../src/host/nft/nft-tables.ts';
import { newFollower } from '../../src/incremental/follower.ts';
import { showBy } from '../../src/render/templates.ts';
import { SETTINGS } from '../settings.ts';

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
		newThrift(newLog(process.stderr, 'text', 'warn')).observer,
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
