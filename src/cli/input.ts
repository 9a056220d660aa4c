import { type ClusterChoice, ClusterError } from '../host/kubeconfig.ts';
import { type Manifests, readManifests } from '../host/manifests.ts';
import type { Problem } from '../model/problem.ts';
import type { Settings } from '../model/settings.ts';
import { type Compiled, compileNode } from '../pipeline.ts';
import { CommandError, EXIT } from './exit.ts';
import { locate, problemLines, type Talk } from './report.ts';
import type { World } from './world.ts';

/** What to read, and for which node. */
export interface InputRequest extends ClusterChoice {
	readonly settings: Settings;
	/** files, folders and `-`; none asks the live cluster */
	readonly files: readonly string[];
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
export async function compileInput(request: InputRequest, { stdin, talk }: World): Promise<Input> {
	const manifests = request.files.length > 0 ? await readManifests(request.files, stdin) : await live(request, talk);
	const compiled = compileNode(manifests.documents, request.settings);
	const problems = [...manifests.problems, ...compiled.problems];
	const positions = await locate(problems, manifests.texts);
	for (const line of problemLines(problems, positions, talk.colour)) talk.line(line);
	return { compiled, problems };
}

/** Why there are no rules to work with; null when there are. Rules made of no input at all would take every Service away. */
export function whyNoRules({ ruleset, intake }: Compiled): string | null {
	const telling = ['Service', 'EndpointSlice', 'Node'].some((kind) => (intake.read.get(kind) ?? 0) > 0);
	if (!telling) return 'there is no Service, EndpointSlice or Node in the input';
	return ruleset === null ? 'no rules can be made for this node' : null;
}

async function live(choice: ClusterChoice, talk: Talk): Promise<Manifests> {
	try {
		// Loaded here only: it brings Node's HTTP along, which no file needs.
		const { readCluster } = await import('../host/cluster.ts');
		const documents = await readCluster(choice, (objects) => talk.progress(`reading the cluster: ${objects} objects`));
		return { documents, texts: new Map(), problems: [] };
	} catch (cause) {
		if (cause instanceof ClusterError) throw new CommandError(cause.message, EXIT.failed, { cause });
		throw cause;
	}
}
