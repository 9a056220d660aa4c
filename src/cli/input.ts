import type { ClusterChoice } from '../host/kubeconfig.ts';
import { type Manifests, readManifests } from '../host/manifests/manifests.ts';
import type { Resource } from '../host/watch/resources.ts';
import type { Document } from '../model/document.ts';
import type { Problem } from '../model/problem.ts';
import type { Settings } from '../model/settings.ts';
import { type Compiled, compileNode } from '../pipeline.ts';
import { ending } from './exit.ts';
import { locate, problemLines, type Talk } from './report.ts';
import type { World } from './world.ts';

/** What to read. */
export interface Source extends ClusterChoice {
	/** files, folders and `-`; none asks the live cluster */
	readonly files: readonly string[];
	/** of a live cluster */
	readonly resources: readonly Resource[];
}

/** What to read, and for which node. */
export interface InputRequest extends Source {
	readonly settings: Settings;
}

/** What was made of the input. */
export interface Input {
	readonly compiled: Compiled;
	/** of reading and compiling, all of them told already */
	readonly problems: readonly Problem[];
}

/**
 * Reads the cluster, compiles the node's rules and tells what is wrong with the input.
 * @throws CommandError when a live cluster cannot be read
 */
export async function compileInput(request: InputRequest, world: World): Promise<Input> {
	const { made, problems } = await readInput(request, world, (documents) => compileNode(documents, request.settings));
	return { compiled: made, problems };
}

/**
 * Reads the source, makes something of its documents, and tells what is wrong with the input.
 * @returns what was made, and all problems, which are told already
 * @throws CommandError when a live cluster cannot be read
 */
export async function readInput<Made extends { readonly problems: readonly Problem[] }>(
	source: Source,
	{ stdin, talk }: World,
	make: (documents: readonly Document[]) => Made,
): Promise<{ readonly made: Made; readonly problems: readonly Problem[] }> {
	const manifests = source.files.length > 0 ? await readManifests(source.files, stdin) : await live(source, talk);
	const made = make(manifests.documents);
	const problems = [...manifests.problems, ...made.problems];
	const positions = await locate(problems, manifests.texts);
	for (const line of problemLines(problems, positions, talk.colour)) talk.line(line);
	return { made, problems };
}

/** Why there are no rules to work with; null when there are. */
export function whyNoRules({ ruleset, intake }: Compiled): string | null {
	return whyNoInput(intake) ?? (ruleset === null ? 'no rules can be made for this node' : null);
}

/** Why the input says nothing; null when it does. Rules made of no input at all would take every Service away. */
export function whyNoInput({ read }: Compiled['intake']): string | null {
	const telling = ['Service', 'EndpointSlice', 'Node'].some((kind) => (read.get(kind) ?? 0) > 0);
	return telling ? null : 'there is no Service, EndpointSlice or Node in the input';
}

async function live({ resources, ...choice }: Source, talk: Talk): Promise<Manifests> {
	try {
		// Loaded here only: it brings Node's HTTP along, which no file needs.
		const { readCluster } = await import('../host/cluster.ts');
		const onPage = (objects: number) => talk.progress(`reading the cluster: ${objects} objects`);
		const documents = await readCluster(choice, onPage, resources);
		return { documents, texts: new Map(), problems: [] };
	} catch (cause) {
		throw ending(cause);
	}
}
