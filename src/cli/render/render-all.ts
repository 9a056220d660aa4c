import { setImmediate as othersTurn } from 'node:timers/promises';
import { allRulesets, type NodeRules } from '../../all-nodes/all-rulesets.ts';
import { reason } from '../../host/reason.ts';
import { filesEnding, makeFolder, writeChanged } from '../../host/write-folder.ts';
import { groupBy } from '../../model/group-by.ts';
import { shown } from '../../model/names.ts';
import type { Problem } from '../../model/problem.ts';
import type { NetworkSettings } from '../../model/settings.ts';
import { type Cluster, readCluster } from '../../pipeline.ts';
import { render } from '../../render/render.ts';
import type { Show } from '../../render/templates.ts';
import { CommandError, EXIT } from '../exit.ts';
import { readInput, type Source, whyNoInput } from '../input.ts';
import { kindCounts, problemCount, problemLines } from '../report.ts';
import { loadTemplates, withTemplatesNamed } from '../templates.ts';
import type { World } from '../world.ts';

/** What the command line asked for. */
export interface RenderAllRequest extends Source {
	readonly network: NetworkSettings;
	/** the folder to write to */
	readonly output: string;
	readonly templates: string | null;
	readonly strict: boolean;
}

/**
 * `nft-gen render --all-nodes`: writes a file NODE.nft for every Node, of which only those change whose text differs, and removes none.
 * @returns the exit code
 * @throws CommandError when a file cannot be written, or a live cluster cannot be read
 */
export async function renderAllCommand(request: RenderAllRequest, world: World): Promise<number> {
	const { talk } = world;
	const show = await loadTemplates(request.templates, true);
	const { made: cluster, problems } = await readInput(request, world, (documents) =>
		readCluster(documents, request.network),
	);
	const refusal = whyNothing(request, cluster, problems);
	if (refusal !== null) {
		talk.line(`nft-gen: nothing was written: ${refusal}`);
		return EXIT.failed;
	}
	const { written, all, warnings } = await writeAll(request, cluster, show, world).catch((cause: unknown) => {
		if (cause instanceof CommandError || !(cause instanceof Error && 'code' in cause)) throw cause;
		throw new CommandError(`the folder ${shown(request.output)} cannot be written: it ${reason(cause)}`, EXIT.failed, {
			cause,
		});
	});
	for (const line of problemLines(warnings, new Map(), talk.colour)) talk.line(line);
	for (const line of await strangers(request.output, cluster)) talk.line(line);
	const trouble = problemCount([...problems, ...warnings]);
	const passedOver = kindCounts(cluster.intake.passedOver);
	const parts = [
		`${all === 1 ? '1 node' : `${all} nodes`}: wrote ${written === 1 ? '1 file' : `${written} files`}, ${all - written} had nothing new`,
		`read ${kindCounts(cluster.intake.read)}`,
		...(passedOver === '' ? [] : [`passed over ${passedOver}`]),
		...(trouble === '' ? [] : [trouble]),
	];
	talk.line(parts.join('; '));
	return EXIT.done;
}

function whyNothing(
	{ strict }: RenderAllRequest,
	{ intake, state }: Cluster,
	problems: readonly Problem[],
): string | null {
	const empty = whyNoInput(intake);
	if (empty !== null) return empty;
	if (state.nodes.length === 0) return 'there is no Node in the input, and --all-nodes makes a file for each';
	const errors = problems.some((problem) => problem.severity === 'error');
	return strict && errors ? 'the input has errors, and --strict was given' : null;
}

/** So many files are on their way to the disk while the next node's rules are made. */
const MOST_OPEN = 16;

/** What fails before it is waited for is thrown then. */
function begun<T>(work: Promise<T>): Promise<T> {
	work.catch(() => {});
	return work;
}

async function writeAll(
	{ network, output, templates }: RenderAllRequest,
	{ state }: Cluster,
	show: Show,
	{ talk }: World,
) {
	await makeFolder(output);
	const problems: Problem[] = [];
	let written = 0;
	let all = 0;
	const writing: Promise<boolean>[] = [];
	for (const rules of allRulesets(state, network)) {
		const text = withTemplatesNamed(templates, () => render(rules.ruleset, show));
		writing.push(begun(writeChanged(output, fileOf(rules), text)));
		await othersTurn();
		if (writing.length === MOST_OPEN && (await writing.shift())) written++;
		problems.push(...rules.problems);
		all++;
		talk.progress(`${all} of ${state.nodes.length} nodes`);
	}
	for (const last of writing) if (await last) written++;
	return { written, all, warnings: gathered(problems) };
}

/** A Node's name is a DNS name: no path, and no hidden file. */
function fileOf({ ruleset }: NodeRules): string {
	return `${ruleset.node}${ENDING}`;
}

const ENDING = '.nft';

/** What holds for many nodes is said of the first. */
function gathered(problems: readonly Problem[]): readonly Problem[] {
	const groups = groupBy(problems, ({ code, sentence }) => `${code} ${sentence}`);
	return [...groups.values()].map(([first, ...others]) =>
		others.length === 0
			? first
			: { ...first, sentence: `${first.sentence} (so it is for ${others.length} more Nodes)` },
	);
}

const MOST_NAMES = 3;

/** Files that look like ours are told, as a Node that left leaves one behind. */
async function strangers(folder: string, { state }: Cluster): Promise<readonly string[]> {
	const own = new Set(state.nodes.map(({ name }) => `${name}${ENDING}`));
	const others = (await filesEnding(folder, ENDING)).filter((name) => !own.has(name));
	if (others.length === 0) return [];
	const names = [...others.slice(0, MOST_NAMES).map(shown), ...(others.length > MOST_NAMES ? ['…'] : [])].join(', ');
	return [
		`${shown(folder)} has ${others.length} more ${ENDING} ${others.length === 1 ? 'file' : 'files'} of no Node in the input: ${names}`,
	];
}
