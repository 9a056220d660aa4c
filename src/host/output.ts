import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';

/**
 * Writes a file whole or not at all: its content goes to a new file beside it, which then takes its name and keeps its mode.
 * A symbolic link stays one, and what it leads to is written. A device or pipe is written to as it is.
 * @param mode of a file that was not there
 * @throws the file system's error; then the old file is as it was
 */
export async function writeWhole(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
	const existing = await stat(path).catch(orNothing);
	if (existing !== null && !existing.isFile()) {
		await using(await open(path, 'w'), (file) => file.writeFile(content));
		return;
	}
	const target = existing === null ? await followed(path) : await realpath(path);
	const temporary = join(dirname(target), `.nft-gen-${randomUUID()}`);
	try {
		await using(await open(temporary, 'wx', mode), async (file) => {
			if (existing !== null) await file.chmod(existing.mode & 0o7777);
			await file.writeFile(content);
			await file.sync();
		});
		await rename(temporary, target);
	} finally {
		await rm(temporary, { force: true });
	}
}

/** Where a symbolic link leads in the end, though nothing is there yet. */
async function followed(path: string): Promise<string> {
	const next = await readlink(path).catch(() => null);
	return next === null ? path : followed(isAbsolute(next) ? next : `${dirname(path)}/${next}`);
}

function orNothing(error: NodeJS.ErrnoException): null {
	if (error.code === 'ENOENT') return null;
	throw error;
}

async function using(file: FileHandle, use: (file: FileHandle) => Promise<void>): Promise<void> {
	try {
		await use(file);
	} finally {
		await file.close();
	}
}
