import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Reads all `.hbs` files of a folder, by name without the ending. @throws the file system's error when the folder cannot be read */
export async function readTemplates(folder: string): Promise<ReadonlyMap<string, string>> {
	const entries = await readdir(folder, { withFileTypes: true });
	const names = entries.filter((entry) => entry.name.endsWith('.hbs') && !entry.isDirectory()).map(({ name }) => name);
	const read = (name: string) => plainText(readFileSync(join(folder, name), 'utf8'));
	return new Map(names.sort().map((name) => [name.slice(0, -'.hbs'.length), read(name)]));
}

/** Windows' line ends and byte order marks would go on into the rules, where nft does not take them. */
function plainText(text: string): string {
	return text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
}

/** The folder of the built-in templates for nft, wherever this file runs from: the source tree or the bundle. */
export function builtInFolder(): string {
	let folder = dirname(fileURLToPath(import.meta.url));
	while (!existsSync(join(folder, 'templates', 'nftables'))) {
		const parent = dirname(folder);
		if (parent === folder) throw new Error('the folder templates/nftables of nft-gen is missing');
		folder = parent;
	}
	return join(folder, 'templates', 'nftables');
}
