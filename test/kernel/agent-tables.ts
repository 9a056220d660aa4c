import { type Kernel, whyNot } from '../../src/agent/kernel.ts';
import type { PartSizes } from '../../src/agent/parts.ts';
import { newRecord } from '../../src/agent/recorded.ts';
import { newSender } from '../../src/agent/send.ts';
import { newTables, type Tables } from '../../src/agent/tables.ts';
import { nftTables } from '../../src/host/nft/nft-tables.ts';
import { listTableInParts } from '../../src/host/nft/table-parts.ts';
import type { TableRecord } from '../../src/host/table-records.ts';
import { newFollower } from '../../src/incremental/follower.ts';
import type { ObjectChange } from '../../src/incremental/objects.ts';
import { show } from '../support/compiled.ts';
import { endpoint, service, settings, slice } from '../support/objects.ts';
import { type OneNamespace, openNamespace } from './one-namespace.ts';

/** What becomes of a transaction on its way to the kernel, or of an nft that reads. */
export type Fate = 'done' | 'killed-before' | 'killed-after';

/** The IPv4 table of an agent in a namespace of its own, whose nft can be made to fail. */
export interface AgentTables {
	readonly space: OneNamespace;
	/** tables of an agent that began last */
	readonly tables: () => Tables;
	/** the transactions since it began */
	readonly texts: () => readonly string[];
	/** how many whole tables it has read as JSON */
	readonly reads: () => number;
	/** and as text */
	readonly textReads: () => number;
	/** and parts of them */
	readonly partReads: () => number;
	/** how often it gave memory back */
	readonly tidied: () => number;
	/** decides over transactions to come; null for one that reads */
	readonly decide: (fate: (text: string | null) => Fate) => void;
	/** Does something before the next whole table is read, and something after it was. */
	readonly whileReading: (before: () => Promise<unknown>, after: () => Promise<unknown>) => void;
	/** Is told of every transaction when the kernel has made it. */
	readonly onMade: (told: (text: string) => Promise<void>) => void;
	/** Replaces texts in what the agent gives nft. */
	readonly poison: (text: string, by: string) => void;
	/** Begins a new agent, which knows nothing of what is in the kernel but what it is given. */
	readonly restart: (records?: readonly TableRecord[]) => void;
	/** what the agent would write down of its tables */
	readonly records: () => readonly TableRecord[];
	/** Takes changes in and synchronises; gives what became of it. */
	readonly change: (...changes: readonly ObjectChange[]) => Promise<string>;
	/** Lets time pass, for chains that wait to be removed. */
	readonly pass: (milliseconds: number) => void;
	/** Makes a transaction of somebody else's. */
	readonly foreign: (text: string) => Promise<void>;
	/** Removes the tables, and begins a new agent without troubles. */
	readonly clear: () => Promise<void>;
}

/** Opens them; the namespace goes with its `close`. @param program what stands in for nft @param sizes of the parts they are looked at in */
export async function openAgentTables(program = 'nft', sizes?: PartSizes): Promise<AgentTables> {
	const space = await openNamespace();
	const { command } = space.options;
	const options = { ...space.options, command: [...command.slice(0, -1), program] };
	const killed = { outcome: 'killed', signal: 'SIGKILL', milliseconds: 1 } as const;
	const state = {
		texts: [] as string[],
		reads: 0,
		textReads: 0,
		partReads: 0,
		tidied: 0,
		now: 0,
		told: async (_text: string) => {},
		fate: (_text: string | null): Fate => 'done',
	};
	let around: readonly (() => Promise<unknown>)[] = [];
	const spoiled = new Map<string, string>();
	const real = nftTables(options);
	const list: Kernel['list'] = ({ family, table }) =>
		listTableInParts(family, table, options, sizes === undefined ? undefined : { whole: 0, chains: sizes.part });
	const kernel: Kernel = {
		...real,
		apply: async (text) => {
			const fate = state.fate(text);
			if (fate === 'killed-before') return killed;
			const sent = [...spoiled].reduce((result, [from, to]) => result.replaceAll(from, to), text);
			const run = await real.apply(sent);
			if (run.outcome === 'done') await state.told(sent);
			return fate === 'done' ? run : killed;
		},
		list: (name) => {
			state.reads++;
			return state.fate(null) === 'done' ? reading(() => list(name)) : Promise.resolve({ kind: 'failed', run: killed });
		},
		listText: (name, onPiece) => {
			state.textReads++;
			return state.fate(null) === 'done' ? reading(() => real.listText(name, onPiece)) : Promise.resolve(killed);
		},
		// Every nft does, of small tables.
		canListParts: async () => sizes !== undefined,
		listTables: (family) => {
			state.partReads++;
			return real.listTables(family);
		},
		listParts: (lists, onPiece) => {
			state.partReads++;
			return state.fate(null) === 'done' ? reading(() => real.listParts(lists, onPiece)) : Promise.resolve(killed);
		},
	};
	const reading = async <Read>(read: () => Promise<Read>): Promise<Read> => {
		const [before, after] = around;
		around = [];
		await before?.();
		const found = await read();
		await after?.();
		return found;
	};
	let tables: Tables;
	const restart = (records: readonly TableRecord[] = []) => {
		state.texts = [];
		state.reads = 0;
		state.textReads = 0;
		state.partReads = 0;
		state.tidied = 0;
		const sender = newSender(
			kernel,
			show,
			(_change, text) => state.texts.push(text),
			() => state.now,
		);
		tables = newTables(
			newFollower(settings({ families: ['ip'], hints: 'as-is' })),
			sender,
			records,
			() => state.tidied++,
			sizes,
		);
	};
	restart();
	const foreign = async (text: string) => {
		const why = whyNot(await real.apply(`${text}\n`));
		if (why !== null) throw new Error(why);
	};
	return {
		space,
		tables: () => tables,
		texts: () => state.texts,
		reads: () => state.reads,
		textReads: () => state.textReads,
		partReads: () => state.partReads,
		tidied: () => state.tidied,
		decide: (fate) => {
			state.fate = fate;
		},
		whileReading: (before, after) => {
			around = [before, after];
		},
		onMade: (told) => {
			state.told = told;
		},
		poison: (text, by) => spoiled.set(text, by),
		restart,
		records: () => tables.states().flatMap((each) => newRecord(each) ?? []),
		change: async (...changes) => {
			await tables.follow(changes);
			const [result] = await tables.sync();
			return result?.kind === 'synced' ? (result.synced.contact ?? 'synced') : `failed: ${result?.reason}`;
		},
		pass: (milliseconds) => {
			state.now += milliseconds;
		},
		foreign,
		clear: async () => {
			state.fate = () => 'done';
			state.told = async () => {};
			spoiled.clear();
			await foreign('add table ip nft-gen\ndelete table ip nft-gen');
			restart();
		},
	};
}

/** A Service `shop/NAME` with one pod on this node. */
export function web(name: string, ip: string, pod: string, spec: Readonly<Record<string, unknown>> = {}) {
	return [service(name, [ip], { spec }), slice(name, [endpoint({ address: pod, node: 'n1' })])];
}
