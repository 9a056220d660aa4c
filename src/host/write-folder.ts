import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from './output.ts';

/** Makes a folder, with those above it, where it is not there. @throws the file system's error */
export async function makeFolder(folder: string): Promise<void> {
	await mkdir(folder, { recursive: true });
}

/**
 * Writes a file whole, unless it says the same already: then not even its time changes.
 * @returns whether it was written
 * @throws the file system's error; then the old file is as it was
 */
export async function writeChanged(folder: string, name: string, content: string): Promise<boolean> {
	const path = join(folder, name);
	const bytes = Buffer.from(content);
	const old = await readFile(path).catch(() => null);
	if (old?.equals(bytes)) return false;
	await writeWhole(path, bytes);
	return true;
}

/** The names of a folder's files of one ending, sorted bytewise. */
export async function filesEnding(folder: string, ending: string): Promise<readonly string[]> {
	const names = await readdir(folder);
	return names.filter((name) => name.endsWith(ending)).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
