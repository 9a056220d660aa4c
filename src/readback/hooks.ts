import type { Json, JsonObject } from '../model/json.ts';
import type { Hook } from '../model/ruleset.ts';

const TYPES: readonly Hook['type'][] = ['filter', 'nat'];
const HOOKS: readonly Hook['hook'][] = ['prerouting', 'input', 'forward', 'output', 'postrouting'];

/** The kernel's numbers of nft's names of priorities. */
const PRIORITIES: ReadonlyMap<string, number> = new Map([
	['raw', -300],
	['mangle', -150],
	['dstnat', -100],
	['filter', 0],
	['security', 50],
	['srcnat', 100],
]);

/** Where the kernel enters a chain; null for a chain that only others lead to, and for a hook none of ours. */
export function readHook({ type, hook, prio }: JsonObject): Hook | null {
	const priority = priorityOf(prio);
	const knownType = TYPES.find((each) => each === type);
	const knownHook = HOOKS.find((each) => each === hook);
	if (knownType === undefined || knownHook === undefined || priority === null) return null;
	return { type: knownType, hook: knownHook, priority };
}

/** A number, or a name with or without a distance, such as `dstnat - 10`. */
function priorityOf(value: Json | undefined): number | null {
	if (typeof value === 'number') return value;
	if (typeof value !== 'string') return null;
	const [, name = '', sign, distance = '0'] = /^([a-z]+|-?\d+)(?: ?([+-]) ?(\d+))?$/.exec(value) ?? [];
	const base = PRIORITIES.get(name) ?? (/^-?\d+$/.test(name) ? Number(name) : null);
	return base === null ? null : base + (sign === '-' ? -Number(distance) : Number(distance));
}
