import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Reads all `.hbs` files of a folder, by name without the ending. @throws the file system's error when the folder cannot be read */
export async function readTemplates(folder: string): Promise<ReadonlyMap<string, string>> {
	const names = (await readdir(folder)).filter((name) => name.endsWith('.hbs')).sort();
	const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
	return new Map(names.map((name, index) => [name.slice(0, -'.hbs'.length), texts[index] ?? '']));
}

/** The built-in templates for nft, wherever this file runs from: the source tree or the bundle. */
export function builtInTemplates(): string {
	let folder = dirname(fileURLToPath(import.meta.url));
	while (!existsSync(join(folder, 'templates', 'nftables'))) {
		const parent = dirname(folder);
		if (parent === folder) throw new Error('the folder templates/nftables of nft-gen is missing');
		folder = parent;
	}
	return join(folder, 'templates', 'nftables');
}
