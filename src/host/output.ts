import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Writes a file whole or not at all: its text goes to a new file beside it, which then takes its name.
 * A device or pipe is written to as it is. @throws the file system's error; then the old file is as it was
 */
export async function writeWhole(path: string, text: string): Promise<void> {
	const target = await realpath(path).catch(() => path);
	const existing = await stat(target).catch(() => null);
	if (existing !== null && !existing.isFile()) {
		await writeTo(target, 'w', text, 0o644);
		return;
	}
	const temporary = join(dirname(target), `.nft-gen-${randomUUID()}`);
	try {
		await writeTo(temporary, 'wx', text, existing?.mode ?? 0o644);
		await rename(temporary, target);
	} finally {
		await rm(temporary, { force: true });
	}
}

async function writeTo(path: string, flags: string, text: string, mode: number): Promise<void> {
	const file = await open(path, flags, mode);
	try {
		await file.writeFile(text);
		if (flags === 'wx') await file.sync();
	} finally {
		await file.close();
	}
}
