import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { nftGen, type Run, type RunOptions } from './cli.ts';
import { temporaryFolder } from './folder.ts';
import { endpoint, node, service, slice } from './objects.ts';

// A small cluster for tests of the command line, and runs of `nft-gen render` on it.

export const OBJECTS = [
	node(1, 'a'),
	node(2, 'b'),
	service('web', ['10.96.0.20']),
	slice('web', [endpoint({ address: '10.244.1.5', node: 'n1' })]),
];

/** The cluster as YAML. */
export const YAML = OBJECTS.map((object) => stringify(object)).join('---\n');

/** A Service with a port that is none. */
export const BAD = stringify(service('bad', ['10.96.0.21'], { spec: { ports: [{ name: 'http', port: 80.5 }] } }));

/** The last line of standard error where all is well. */
export const GOOD_SUMMARY = 'node n1: read 1 Service, 1 EndpointSlice, 2 Node';

type Files = Readonly<Record<string, string>>;

/** A folder for one test; with the cluster in a.yaml unless told otherwise. */
export function shopFolder(files: Files = { 'a.yaml': YAML }): Promise<string> {
	return temporaryFolder(onTestFinished, files);
}

/** Runs `nft-gen render --node n1 ARGUMENTS` in a folder of its own. */
export async function render(
	args: readonly string[],
	options: RunOptions = {},
	files?: Files,
): Promise<Run & { readonly cwd: string }> {
	const cwd = await shopFolder(files);
	return { cwd, ...(await nftGen(['render', '--node', 'n1', ...args], { cwd, ...options })) };
}
