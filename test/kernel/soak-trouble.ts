import type { Random } from '../../bench/state/random.ts';
import type { StandIn } from '../support/stand-in-api-server.ts';
import { GOOD_MANNERS } from '../support/stand-in-manners.ts';
import type { Lab } from './lab.ts';
import { childrenOf } from './process-facts.ts';
import type { Changing } from './random-changes.ts';

/** What troubles are made with. */
export interface Scene {
	readonly lab: Lab;
	readonly server: StandIn;
	readonly changing: Changing;
	readonly random: Random;
	/** of the agent that runs now */
	readonly pid: () => number;
}

/** Makes a trouble and waits until it is over, if it ends by itself. @returns what it was */
export type Trouble = (scene: Scene) => Promise<string>;

/** Kills a child of the agent in the middle of its work. */
export const killNft: Trouble = async ({ pid, random }) => {
	const patience = performance.now() + 300;
	while (performance.now() < patience) {
		const [child] = childrenOf(pid());
		if (child === undefined) {
			await pause(1);
			continue;
		}
		await pause(random() * 15);
		return kill(child, childrenOf(pid())) ? 'kill -9 of a child of the agent' : 'a child was quicker than the killer';
	}
	return 'the agent started no child';
};

function kill(pid: number, among: readonly number[]): boolean {
	try {
		return among.includes(pid) && process.kill(pid, 'SIGKILL');
	} catch {
		// It has ended by itself since.
		return false;
	}
}

/** The API server is awkward, in a way that makes nobody wait. */
export const apiMoods: Trouble = (scene) => apiTrouble(scene, MOODS);

/** The API server fails. Who watches it waits longer after each failure, so this is for now and then. */
export const apiFailure: Trouble = (scene) => apiTrouble(scene, FAILURES);

async function apiTrouble(scene: Scene, troubles: readonly ApiTrouble[]): Promise<string> {
	const drawn = pick(scene.random, troubles);
	await drawn.make(scene);
	scene.server.behave(GOOD_MANNERS);
	return `API server: ${drawn.what}`;
}

interface ApiTrouble {
	readonly what: string;
	readonly make: (scene: Scene) => Promise<void>;
}

const MOODS: readonly ApiTrouble[] = [
	{ what: 'frozen', make: ({ server, random }) => lasting(server, { frozen: true }, 100 + random() * 600) },
	{ what: 'slow', make: ({ server, random }) => lasting(server, { delayMs: 200 }, random() * 500) },
	{ what: 'tears lines', make: ({ server, random }) => lasting(server, { chunkBytes: 101 }, random() * 300) },
	{ what: 'bookmarks', make: async ({ server }) => server.bookmark() },
];

const FAILURES: readonly ApiTrouble[] = [
	{
		what: 'down',
		make: async ({ server, random }) => {
			server.behave({ down: true });
			await pause(100 + random() * 900);
		},
	},
	{
		what: 'down and compacted',
		make: async ({ server, random }) => {
			server.behave({ down: true });
			await pause(random() * 300);
			server.compact();
		},
	},
	{
		what: 'tells 410 by status',
		make: async ({ server }) => {
			server.compact();
			server.endWatches('cleanly');
		},
	},
	{
		what: 'tells 410 by an event',
		make: async ({ server }) => {
			server.behave({ goneAs: 'event' });
			server.compact();
			server.endWatches('abruptly');
			await pause(400);
		},
	},
	{
		what: 'ERROR events',
		make: async ({ server, random }) => server.error(pick(random, RESOURCES), pick(random, [410, 500, 504])),
	},
	{
		what: 'refuses',
		make: async ({ server, random }) => {
			server.refuse(pick(random, [429, 500, 503]), { times: 2, retryAfter: 1 });
			server.endWatches('abruptly');
		},
	},
	{
		what: 'ends watches',
		make: async ({ server, random }) => server.endWatches(pick(random, ['cleanly', 'abruptly', 'mid-line'] as const)),
	},
	{
		what: 'lists in disorder, with everything twice',
		make: async ({ server }) => {
			server.behave({ shuffled: true });
			server.compact();
			server.endWatches('cleanly');
			await pause(500);
		},
	},
];

const RESOURCES = ['services', 'endpointslices', 'nodes', 'servicecidrs'] as const;

async function lasting(
	server: StandIn,
	manners: Parameters<StandIn['behave']>[0],
	milliseconds: number,
): Promise<void> {
	server.behave(manners);
	await pause(milliseconds);
}

/** Somebody else changes our table, where no packet of a Service that never changes comes by. */
export const foreignChange: Trouble = async (scene) => {
	const { changing, random } = scene;
	const isFirst = random() < 0.5;
	const family = isFirst ? 'ip' : 'ip6';
	const found = changing.anyService();
	if (found === null) return 'there is nothing that somebody else could change';
	const ip = found.clusterIps[isFirst ? 0 : 1] ?? '';
	const text = pick(random, FOREIGN)
		.replaceAll('TABLE', `${family} nft-gen`)
		.replaceAll('CHAIN', `cluster/shop/${found.name}/http`)
		.replaceAll('ADDRESS', ip);
	return `foreign: ${text.replaceAll('\n', '; ')}${await transaction(scene, text)}`;
};

const FOREIGN = [
	'add chain TABLE theirs\nadd rule TABLE theirs drop',
	'add set TABLE theirs { type mark; }',
	'delete element TABLE services { ADDRESS . tcp . 80 }',
	'delete element TABLE cluster-ips { ADDRESS }',
	'add element TABLE services { ADDRESS . tcp . 99 : drop }',
	'flush set TABLE generation',
	'flush set TABLE generation\nadd element TABLE generation { 1 . 2 }',
	'delete set TABLE generation',
	'flush chain TABLE CHAIN',
	'add rule TABLE CHAIN drop',
	'insert rule TABLE CHAIN counter',
	'add rule TABLE dispatch counter',
] as const;

/** The whole table goes, or becomes one that only a new one can replace. */
export const wholeTableLost: Trouble = async (scene) => {
	const text = pick(scene.random, LOSSES).replaceAll('TABLE', `${scene.random() < 0.5 ? 'ip' : 'ip6'} nft-gen`);
	return `lost: ${text.replaceAll('\n', '; ')}${await transaction(scene, text)}`;
};

const LOSSES = [
	'flush ruleset',
	'flush ruleset',
	'delete table TABLE',
	'flush table TABLE',
	'delete table TABLE\nadd table TABLE',
	'add counter TABLE theirs',
	'delete table TABLE\nadd table TABLE\nadd map TABLE services { type mark : verdict; }',
] as const;

/** @returns what to add to the words about it */
async function transaction({ lab }: Scene, text: string): Promise<string> {
	const done = await lab.run('nft', ['-f', '-'], `${text}\n`).then(
		() => true,
		() => false,
	);
	return done ? '' : ' (refused)';
}

function pick<T>(random: Random, from: readonly T[]): T {
	const found = from[Math.floor(random() * from.length)];
	if (found === undefined) throw new RangeError('there is nothing to pick from');
	return found;
}

function pause(milliseconds: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
