import { isMap } from '../model/is-map.ts';

/** The kinds of objects that are saved. */
export const SAVED_KINDS = ['Service', 'EndpointSlice', 'Node', 'ServiceCIDR'] as const;

/** An object of the cluster, as far as it is used. */
export interface SavedObject {
	readonly kind: (typeof SAVED_KINDS)[number];
	/** `NAMESPACE/NAME`, or the name of an object without a namespace */
	readonly name: string;
	readonly value: Readonly<Record<string, unknown>>;
}

/** Whose state it is: that of another node or cluster would give wrong rules. */
export interface StateOwner {
	readonly node: string;
	/** the URL of the cluster's API server */
	readonly server: string;
}

/** What the first line of a file begins with. The version grows with every change of what is in a file. */
export const FORMAT = { format: 'nft-gen saved state', version: 1 } as const;

/** Why a file cannot be used, as the end of a sentence that begins with the file. */
export class UnusableState extends Error {
	override readonly name = 'UnusableState';
}

/** Reads the first line. @returns when the state was saved @throws UnusableState */
export function readHead(line: string, owner: StateOwner): Date {
	const head = record(parse(line));
	if (head?.format !== FORMAT.format) throw new UnusableState('is no saved state');
	if (head.version !== FORMAT.version) throw new UnusableState('was saved by another release, in another format');
	if (head.node !== owner.node) throw new UnusableState(`is that of another node, ${shown(head.node)}`);
	if (head.server !== owner.server) throw new UnusableState(`is that of another cluster, ${shown(head.server)}`);
	const savedAt = new Date(typeof head.savedAt === 'string' ? head.savedAt : Number.NaN);
	if (Number.isNaN(savedAt.getTime())) throw new UnusableState('does not say when it was saved');
	return savedAt;
}

/** Reads a line in the middle. What is in the object is for intake to judge, as what the API server says is. @throws UnusableState */
export function readObject(line: string): SavedObject {
	const object = record(parse(line));
	const kind = SAVED_KINDS.find((each) => each === object?.kind);
	const value = record(object?.value);
	const name = object?.name;
	if (kind === undefined || value === null || typeof name !== 'string')
		throw new UnusableState('holds what is no object');
	const metadata = record(value.metadata);
	const own = metadata?.namespace === undefined ? metadata?.name : `${metadata.namespace}/${metadata.name}`;
	if (value.kind !== kind || own !== name)
		throw new UnusableState(`holds an object under the wrong name, ${shown(name)}`);
	if (!isShallow(value, DEEPEST)) throw new UnusableState('holds an object that no API server would give');
	return { kind, name, value };
}

/** Reads the last line. @throws UnusableState when it does not fit what came before */
export function checkEnd(line: string, objects: number, sha256: string): void {
	const end = record(parse(line));
	if (end?.objects !== objects || end.sha256 !== sha256) throw new UnusableState('is damaged: its digest does not fit');
}

function parse(line: string): unknown {
	try {
		return JSON.parse(line);
	} catch {
		throw new UnusableState('is damaged');
	}
}

function record(value: unknown): Record<string, unknown> | null {
	return isMap(value) ? { ...value } : null;
}

/** Objects of these kinds are some eight levels deep; those of thousands would overflow the stack of whoever walks them. */
const DEEPEST = 32;

function isShallow(value: unknown, levels: number): boolean {
	if (typeof value !== 'object' || value === null) return true;
	return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1));
}

/** A value of a stranger's making, for a log line. */
function shown(value: unknown): string {
	return JSON.stringify(String(value)).slice(1, -1).slice(0, 100);
}
