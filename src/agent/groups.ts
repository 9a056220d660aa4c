import { setTimeout as delay } from 'node:timers/promises';
import { servicePortName } from '../model/cluster-state.ts';
import type { Transaction } from '../model/transaction.ts';
import type { Unit } from '../plan/plan.ts';
import { merged, type TableName } from '../plan/transaction.ts';
import type { Generation } from './fence.ts';
import type { Sender, Spelled } from './send.ts';

/** Service ports that are programmed by one transaction. */
export interface Group {
	/** their names */
	readonly names: readonly string[];
	readonly change: Transaction;
	readonly spelled: Spelled;
}

/** Writing nft's input and starting it takes some turns of the event loop, which spelling the next transaction would hold up. */
const STARTED_MS = 5;

/** Spells groups one after another, each on top of the one before it. */
export class SpelledGroups {
	readonly #name: TableName;
	readonly #units: Iterator<readonly Unit[]>;
	readonly #sender: Sender;

	constructor(name: TableName, units: Iterator<readonly Unit[]>, sender: Sender) {
		this.#name = name;
		this.#units = units;
		this.#sender = sender;
	}

	/** The first one; null where there is nothing to do. @param before the generation of the table */
	first(before: Generation | null): Group | null {
		const units = this.#next();
		return units === null ? null : this.#spell(units, before);
	}

	/**
	 * The one after a group that is being sent, spelled while nft works. It holds only if the kernel makes that group.
	 * @param sending until nft has ended
	 */
	async after(group: Group, sending: Promise<unknown>): Promise<Group | null> {
		const units = this.#next();
		if (units === null) return null;
		await Promise.race([sending, delay(STARTED_MS)]);
		return this.#spell(units, group.spelled.generation);
	}

	#next(): readonly Unit[] | null {
		const { value, done } = this.#units.next();
		return done ? null : value;
	}

	#spell(units: readonly Unit[], before: Generation | null): Group {
		const change = merged(
			this.#name,
			units.map((unit) => unit.change),
		);
		const names = units.map(({ owner }) => servicePortName(owner));
		return { names, change, spelled: this.#sender.spell(change, before) };
	}
}
