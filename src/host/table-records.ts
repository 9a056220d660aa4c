import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { IpFamily } from '../model/ip.ts';
import { openOwn } from './load-state.ts';
import { reason } from './reason.ts';
import { UnusableState } from './saved-state-format.ts';

/** What an agent knew of a table in the kernel. */
export interface TableRecord {
	readonly family: IpFamily;
	readonly table: string;
	/** what was in the fence */
	readonly generation: readonly [string, string];
	/** of what was programmed */
	readonly digest: string;
	/** chains that were still to be removed */
	readonly left: readonly string[];
}

/** Where records are, and who makes them: those of another release or other templates are not used. */
export interface RecordFile {
	readonly path: string;
	readonly maker: string;
}

const FORMAT = { format: 'nft-gen tables', version: 1 } as const;

/**
 * Writes records, all or none. The file is small and not made to last through a power failure: after that the kernel's
 * tables are gone too. Not for two calls at a time.
 * @returns why not, as a sentence for an operator; null when it was done. It never throws.
 */
export async function saveTableRecords(
	{ path, maker }: RecordFile,
	tables: readonly TableRecord[],
): Promise<string | null> {
	const temporary = `${path}.new`;
	try {
		await mkdir(dirname(path), { recursive: true, mode: 0o700 });
		await rm(temporary, { force: true });
		await writeFile(temporary, `${JSON.stringify({ ...FORMAT, maker, tables })}\n`, { mode: 0o600, flag: 'wx' });
		await rename(temporary, path);
		return null;
	} catch (error) {
		await rm(temporary, { force: true }).catch(() => {});
		return `what the tables hold could not be noted for the next start: ${path} ${reason(error)}`;
	}
}

/** Records that were read, none where there are none to be used. */
export interface LoadedRecords {
	readonly records: readonly TableRecord[];
	/** a sentence for an operator; null when nothing is wrong */
	readonly ignored: string | null;
}

const LIMITS = { fileBytes: 4 << 20 };

/** Reads records. It never throws, whatever the file is: without records the tables are read back. */
export async function loadTableRecords({ path, maker }: RecordFile): Promise<LoadedRecords> {
	try {
		const file = await openOwn(path, LIMITS);
		try {
			return { records: parse(await file.readFile('utf8'), maker), ignored: null };
		} finally {
			await file.close();
		}
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { records: [], ignored: null };
		const why = error instanceof UnusableState ? error.message : reason(error);
		return { records: [], ignored: `what was noted of the tables is ignored: ${path} ${why}` };
	}
}

function parse(text: string, maker: string): readonly TableRecord[] {
	const head = object(json(text));
	if (head.format !== FORMAT.format) throw new UnusableState('is something else');
	// Another release, or other templates, may write the same differently: no reason for a complaint.
	if (head.version !== FORMAT.version || head.maker !== maker) return [];
	if (!Array.isArray(head.tables)) throw new UnusableState('is damaged');
	return head.tables.map(readRecord);
}

function readRecord(value: unknown): TableRecord {
	const { family, table, generation, digest, left } = object(value);
	const [first, second] = texts(generation);
	if (family !== 'ip' && family !== 'ip6') throw new UnusableState('is damaged');
	if (typeof table !== 'string' || typeof digest !== 'string') throw new UnusableState('is damaged');
	if (first === undefined || second === undefined) throw new UnusableState('is damaged');
	return { family, table, generation: [first, second], digest, left: texts(left) };
}

function json(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw new UnusableState('is damaged');
	}
}

function object(value: unknown): Readonly<Record<string, unknown>> {
	if (typeof value !== 'object' || value === null) throw new UnusableState('is damaged');
	return { ...value };
}

function texts(value: unknown): readonly string[] {
	const isTexts = Array.isArray(value) && value.every((each) => typeof each === 'string');
	if (!isTexts) throw new UnusableState('is damaged');
	return value;
}
