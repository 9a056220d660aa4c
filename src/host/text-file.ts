import { lstat, readFile } from 'node:fs/promises';

/** A file of text, as UTF-8. */
export function readText(path: string): Promise<string> {
	return readFile(path, 'utf8');
}

/** A file of so many bytes at the most, as UTF-8; null for a longer one, a symbolic link and all that is no file. */
export async function readUpTo(path: string, most: number): Promise<string | null> {
	const found = await lstat(path);
	return found.isFile() && found.size <= most ? readText(path) : null;
}
