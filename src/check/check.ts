import { inputObjects } from '../findings/input-objects.ts';
import type { CheckDraft, CheckLevel, CheckReport, LevelState } from '../model/check-report.ts';
import type { ClusterState } from '../model/cluster-state.ts';
import type { Document } from '../model/document.ts';
import { compareBytes } from '../model/order.ts';
import type { Problem } from '../model/problem.ts';
import type { NetworkSettings } from '../model/settings.ts';
import { type Symbols, spoken } from '../model/symbols.ts';
import { addressBook } from '../trace/address-book.ts';
import { assertionLevel } from './assertion-level.ts';
import type { Assertions } from './assertions/read.ts';
import { checkOf } from './catalogue.ts';
import { fingerprinted } from './fingerprints.ts';
import { inputLevel } from './input-level.ts';
import { type KernelAnswer, kernelResults } from './kernel-level.ts';
import { policyLevel } from './policy-level.ts';
import type { CheckChoice } from './result.ts';
import { rulesetLevel } from './ruleset-level.ts';
import { siteGrouping } from './site-groups.ts';

/** What is checked, and for what. */
export interface CheckRequest {
	/** as the user named it */
	readonly source: string;
	/** the objects as they would be in the cluster */
	readonly documents: readonly Document[];
	readonly state: ClusterState;
	/** of reading and understanding the input */
	readonly problems: readonly Problem[];
	readonly symbols: Symbols;
	/** what keeps the answer from being complete */
	readonly gaps: readonly string[];
	readonly network: NetworkSettings;
	readonly choice: CheckChoice;
	/** what a real kernel says of the rules; null where nobody asked it */
	readonly kernel: KernelAnswer | null;
	/** null where nobody asserts anything */
	readonly assertions: Assertions | null;
	/** the options by which `trace` reads the same input; null where it cannot */
	readonly read: readonly string[] | null;
}

/** Looks at a cluster, the cheapest first: its input, the rules made of it, its policies, what is asserted of it, what a kernel says. */
export function check(request: CheckRequest): CheckReport {
	const { state, network, choice, assertions, symbols } = request;
	const groupSites = siteGrouping(state, network);
	const levels = levelStates(request);
	const runs = new Set(levels.filter((each) => each.state === 'run').map(({ level }) => level));
	const objects = inputObjects(request.documents);
	const trapped = { state, network, objects, problems: request.problems, groupSites, choice };
	const judging = { state, network, groupSites, book: addressBook(state), symbols, read: request.read };
	const results = [
		...inputLevel(request.problems),
		...(runs.has('ruleset') ? rulesetLevel(state, network, groupSites, choice) : []),
		...(runs.has('policy') ? policyLevel(trapped) : []),
		...(assertions === null ? [] : [...assertions.wrong, ...assertionLevel(assertions.assertions, judging)]),
		...kernelResults(request.kernel),
	];
	return {
		source: request.source,
		release: network.behaviour.release,
		nodes: state.nodes.length,
		services: state.services.length,
		levels,
		results: fingerprinted(
			sorted(results.map((result) => ({ ...result, sentence: spoken(result.sentence, symbols) }))),
		),
		gaps: [...request.gaps, ...(state.nodes.length === 0 ? [IMAGINARY] : [])],
	};
}

const IMAGINARY =
	'there is no Node in the input, so rules of one imaginary node are checked, on which no endpoint is: pass --cluster FILE made by nft-gen capture';

function levelStates({ choice, assertions, kernel }: CheckRequest): readonly LevelState[] {
	const state = (level: CheckLevel, isAsked: boolean, otherwise: string): LevelState => {
		return { level, state: isAsked ? 'run' : 'not-asked', reason: isAsked ? null : otherwise };
	};
	const isAsked = (level: CheckLevel) => [...choice.asked].some((id) => checkOf(id).level === level);
	const none = '--lint names none of its checks';
	return [
		state('input', true, ''),
		state('ruleset', isAsked('ruleset'), none),
		state('policy', isAsked('policy'), none),
		state('assertion', assertions !== null, 'no --assert FILE'),
		kernel?.kind === 'skipped'
			? { level: 'kernel', state: 'skipped', reason: kernel.why }
			: state('kernel', kernel !== null, 'no --kernel'),
	];
}

const LEVELS: readonly CheckLevel[] = ['input', 'ruleset', 'policy', 'assertion', 'kernel'];
const STATUSES: readonly CheckDraft['status'][] = ['failed', 'skipped', 'ok'];
const SEVERITIES: readonly CheckDraft['severity'][] = ['error', 'warn', 'info'];

function sorted(results: readonly CheckDraft[]): readonly CheckDraft[] {
	return [...results].sort(
		(a, b) =>
			LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) ||
			STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status) ||
			placeInFile(a) - placeInFile(b) ||
			SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
			compareBytes(a.object ?? '', b.object ?? '') ||
			compareBytes(a.id, b.id) ||
			compareBytes(a.sentence, b.sentence),
	);
}

/** Assertions stay in the order of their file. */
function placeInFile({ level, origin }: CheckDraft): number {
	return level === 'assertion' && origin !== null && 'offset' in origin ? origin.offset : 0;
}
