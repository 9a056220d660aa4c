import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { intake } from '../src/intake/intake.ts';
import type { ClusterState } from '../src/model/cluster-state.ts';
import { NEWEST_BEHAVIOUR } from '../src/versions/behaviour.ts';
import { floorRuleset } from './floor/ruleset.ts';
import { iptablesRuleset } from './iptables/ruleset.ts';
import type { KubeProxyRelease } from './kube-proxy/release.ts';
import { kubeProxyRuleset } from './kube-proxy/ruleset.ts';
import { describeMachine } from './measure/machine.ts';
import { createNamespaces, type Namespaces } from './measure/namespaces.ts';
import { type Command, type Run, run } from './measure/process.ts';
import type { Options } from './options.ts';
import { time } from './report/units.ts';
import { POD_NETWORK } from './state/address-plan.ts';
import { changedList } from './state/change.ts';
import { nodeName } from './state/objects.ts';
import { clusterJson, clusterList, type StateShape } from './state/state.ts';

/** What all parts work with: the built program, files made once, namespaces, and where messages go. */
export interface Workshop {
	readonly options: Options;
	readonly namespaces: Namespaces;
	/** the built program, a file for Node */
	readonly program: string;
	/** Builds the program from the source tree as it is. @throws Error saying what is wrong with it */
	readonly build: () => void;
	/** what everything is measured on, in one line */
	readonly machine: () => string;
	readonly say: (message: string) => void;
	readonly sayRun: (name: string, run: Run) => void;
	/** the command that renders for node n1, into the given file */
	readonly render: (input: string, output: string | null) => Command;
	/** a file for a part's own use */
	readonly file: (name: string) => string;
	/** the file of a made-up cluster */
	readonly state: (shape: StateShape) => string;
	/** the file of the same cluster after some Services changed */
	readonly changedState: (shape: StateShape, changes: number) => string;
	/** the file of our ruleset for it */
	readonly ruleset: (shape: StateShape) => Promise<string>;
	/** the file of a ruleset of the shape that a release of kube-proxy writes for it */
	readonly kubeProxyRuleset: (shape: StateShape, release: KubeProxyRelease) => string;
	/** the file of what kube-proxy gives to iptables for it */
	readonly iptablesRuleset: (shape: StateShape) => string;
	/** the file of the fewest commands that could serve it */
	readonly floorRuleset: (shape: StateShape) => string;
	readonly close: () => void;
}

/** The node that everything is rendered for. */
export const NODE = nodeName(0);

/** The folder of the project. */
export const PROJECT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Opens a folder for files, and one for the program, which is built there first. `close` removes all that was made. */
export function openWorkshop(options: Options): Workshop {
	const folder = mkdtempSync(join(tmpdir(), 'nftgen-bench-'));
	// Not dist/, which tests build anew while the benchmark runs; inside the project, whose packages it loads.
	mkdirSync(join(PROJECT, 'bench', 'dist'), { recursive: true });
	const built = mkdtempSync(join(PROJECT, 'bench', 'dist', 'build-'));
	const namespaces = createNamespaces();
	const say = (message: string) => process.stderr.write(`${message}\n`);
	const file = (name: string) => join(folder, name);
	const once = fileCache(file, say);
	const program = join(built, 'nft-gen.js');
	const render: Workshop['render'] = (input, output) => ({
		program: process.execPath,
		args: [program, 'render', '--node', NODE, '-f', input],
		output,
	});
	const state: Workshop['state'] = (shape) =>
		once(`${shapeName(shape)}.json`, (path) => writeFileSync(path, clusterJson(shape)));
	return {
		options,
		namespaces,
		program,
		build: () => buildTo(built),
		machine: () => describeMachine(namespaces),
		say,
		sayRun: (name, { seconds }) => say(`  ${name}: ${time(seconds)}`),
		render,
		file,
		state,
		changedState: (shape, changes) =>
			once(`${shapeName(shape)}-changed-${changes}.json`, (path) =>
				writeFileSync(path, `${JSON.stringify(changedList(clusterList(shape), changes), null, 4)}\n`),
			),
		ruleset: async (shape) => {
			const path = file(`${shapeName(shape)}.nft`);
			if (!existsSync(path)) await run(render(state(shape), path));
			return path;
		},
		kubeProxyRuleset: (shape, release) =>
			once(`${shapeName(shape)}.kube-proxy-${release}.nft`, (path) =>
				writeFileSync(path, kubeProxyRuleset(stateOf(shape), { node: NODE, podNetwork: POD_NETWORK, release })),
			),
		iptablesRuleset: (shape) =>
			once(`${shapeName(shape)}.iptables`, (path) =>
				writeFileSync(path, iptablesRuleset(stateOf(shape), { podNetwork: POD_NETWORK })),
			),
		floorRuleset: (shape) =>
			once(`${shapeName(shape)}.floor.nft`, (path) =>
				writeFileSync(path, floorRuleset(stateOf(shape), { podNetwork: POD_NETWORK })),
			),
		close: () => {
			// First, as programs that run in them write files.
			namespaces.clear();
			rmSync(folder, { recursive: true, force: true });
			rmSync(built, { recursive: true, force: true });
		},
	};
}

function buildTo(folder: string): void {
	const { status, stderr } = spawnSync(process.execPath, ['build.mjs', folder], { cwd: PROJECT, encoding: 'utf8' });
	if (status !== 0) throw new Error(`the program cannot be built:\n${stderr}`);
}

function shapeName({ services, endpoints, variant, protocol, seed, nodes, podsPerNode }: StateShape): string {
	const atLeast = nodes === 0 ? '' : `-${nodes}`;
	return `${services}x${endpoints}-${variant}-${protocol.toLowerCase()}-${seed}${atLeast}-${podsPerNode}`;
}

/** Makes each file at its first use. */
function fileCache(file: (name: string) => string, say: (message: string) => void) {
	const made = new Set<string>();
	return (name: string, make: (path: string) => void): string => {
		const path = file(name);
		if (!made.has(name)) {
			say(`making ${name}`);
			make(path);
			made.add(name);
		}
		return path;
	};
}

function stateOf(shape: StateShape): ClusterState {
	return intake([{ file: shapeName(shape), index: 0, value: clusterList(shape) }], NEWEST_BEHAVIOUR).state;
}
