import type { Table } from '../model/ruleset.ts';
import { transaction } from '../model/transaction.ts';
import { holdersOf } from '../plan/holders.ts';
import { type PortPair, portUnits } from '../plan/plan.ts';
import { isEmpty, merged, weight } from '../plan/transaction.ts';
import type { FoundTable } from '../readback/found.ts';
import { compare, type Generation } from './fence.ts';
import { type FoundParts, foundParts } from './found-ports.ts';
import { hasDied, isOutOfStep, whyNot } from './kernel.ts';
import { noteMisreading } from './misreading.ts';
import { isPlain } from './owner-of.ts';
import { type Repair, repair } from './repair.ts';
import { type Sender, type Sent, SyncError } from './send.ts';
import { isQuarantined, noteLeft, type TableState, tableOf, takeAsApplied } from './table-state.ts';

/** A found table, and what it takes to make it the wanted one. */
interface Found {
	/** null where no fence of ours is in it */
	readonly generation: Generation | null;
	readonly parts: FoundParts;
	/** all that is wanted */
	readonly whole: Table;
	/** repairs what is no service port's */
	readonly rest: Repair;
	/** names of service ports that are not as wanted; those in quarantine stay as they are */
	readonly open: readonly string[];
}

/**
 * Takes a table over that somebody left: as it is, or repaired in one transaction. Where the kernel refuses that, or it is
 * large, only what is no service port's is repaired here, and service ports are left to be programmed one by one. What is
 * right is not touched either way.
 * @returns null where only a new table will do
 * @throws SyncError when it is worth another attempt
 */
export async function takeOver(
	state: TableState,
	table: FoundTable,
	sender: Sender,
): Promise<'adopted' | 'repaired' | null> {
	const found = state.misread < MOST_MISREAD ? examine(state, table, sender.now()) : null;
	if (found === null) return null;
	const { generation, parts, rest, open } = found;
	if (generation !== null && open.length === 0 && isEmpty(rest.change)) {
		takeAsApplied(state, parts.ports, generation);
		return 'adopted';
	}
	return (await atOnce(state, found, sender)) ?? byServicePort(state, found, sender);
}

function examine(state: TableState, table: FoundTable, now: number): Found | null {
	const { frame, wanted } = state;
	const whole = tableOf({ frame, ports: wanted });
	const names = new Set(whole.chains.map(({ name }) => name));
	// An empty chain does nothing: one that nobody wants waits to be removed, and is no difference.
	const isLeft = ({ name, hook, rules }: FoundTable['chains'][number]) =>
		rules.length === 0 && hook === null && !names.has(name) && isPlain(name);
	for (const { name } of table.chains.filter(isLeft)) state.left.set(name, now);
	const chains = table.chains.filter((chain) => !isLeft(chain));
	const { generation, differences } = compare({ ...table, chains }, whole);
	const parts = foundParts(table, differences, wanted);
	const rest = repair(parts.rest, whole);
	if (rest === null) return null;
	const open = [...parts.ports.keys()].filter(
		(name) => parts.ports.get(name) !== wanted.get(name) && !isQuarantined(state, name),
	);
	return { generation, parts, whole, rest, open };
}

/** Null where that does not work, or takes too long: then it is done piece by piece. */
async function atOnce(state: TableState, found: Found, sender: Sender): Promise<'repaired' | null> {
	const { generation, parts, rest, open } = found;
	const pairs = open.map((name): PortPair => [parts.ports.get(name) ?? null, state.wanted.get(name) ?? null]);
	const units = portUnits(state.name, pairs, holdersOf(parts.ports.values()));
	const change = merged(state.name, [rest.change, ...units.map((unit) => unit.change)]);
	// What is no service port's may only fit those that come with it: old and new are not mixed for the size alone.
	const isTooLarge = weight(change) > state.heaviest && isEmpty(rest.change);
	if (isTooLarge || state.misread + state.kills >= PATIENCE) return null;
	const sent = await sender.send(change, generation);
	if (sent.became !== 'made') return judge(state, sent, generation, sender);
	const ports = new Map(parts.ports);
	for (const [before, after] of pairs) noteLeft(state, before, after, sender.now());
	for (const name of open) {
		const after = state.wanted.get(name);
		if (after === undefined) ports.delete(name);
		else ports.set(name, after);
	}
	for (const chain of rest.left) state.left.set(chain, sender.now());
	takeAsApplied(state, ports, sent.generation);
	return 'repaired';
}

/** Repairs what is no service port's. Chains and sets of strangers wait for the next look: service ports may still use them. */
async function byServicePort(state: TableState, found: Found, sender: Sender): Promise<'repaired' | null> {
	const { parts, whole } = found;
	const differences = parts.rest.filter(({ kind }) => kind !== 'extra');
	const change = repair(differences, whole)?.change ?? transaction(state.name, {});
	let { generation } = found;
	if (generation === null || !isEmpty(change)) {
		const sent = await sender.send(change, generation);
		if (sent.became !== 'made') return judge(state, sent, generation, sender);
		generation = sent.generation;
	}
	takeAsApplied(state, parts.ports, generation);
	return 'repaired';
}

/** After so many attempts in a row that came to nothing it is done piece by piece. */
const PATIENCE = 2;

/** After so many a table that is not what it is read as is made anew. */
const MOST_MISREAD = 6;

/**
 * What the kernel refuses as it is has to be done in another way (null). Where somebody else was quicker, or nft died, the
 * table is read back first; neither is ever a reason for a new table, which would forget clients.
 * @throws SyncError when it is worth another attempt
 */
async function judge(state: TableState, { run }: Sent, before: Generation | null, sender: Sender): Promise<null> {
	if (run.outcome === 'refused' && !isOutOfStep(run)) return null;
	if (hasDied(run)) state.kills++;
	if (isOutOfStep(run)) await noteMisreading(state, before, sender);
	throw new SyncError(`the table could not be taken over: ${whyNot(run)}`, isOutOfStep(run));
}
