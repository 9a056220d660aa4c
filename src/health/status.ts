import { familyName, type IpFamily } from '../model/ip.ts';
import type { Problem } from '../model/problem.ts';
import { goTime } from './answer.ts';
import { type Readiness, whyNotReady } from './readiness.ts';

/** A service port that the kernel does not take. */
export interface QuarantinedPort {
	/** as people write it */
	readonly name: string;
	readonly reason: string;
}

/** One family's table. */
export interface TableStatus {
	readonly family: IpFamily;
	readonly table: string;
	/** SHA-256 of what the kernel is thought to hold, in hexadecimal; null while that is not known */
	readonly digest: string | null;
	/** the time of day of the last synchronisation that succeeded; null if none has */
	readonly lastSync: number | null;
	/** why the last one failed; null if it did not */
	readonly failure: string | null;
	/** how the table was come by: adopted, repaired, replaced or created */
	readonly contact: string | null;
	/** what the fence holds */
	readonly generation: string | null;
	readonly servicePorts: number;
	readonly quarantined: readonly QuarantinedPort[];
}

/** One resource's watch. */
export interface WatchStatus {
	readonly resource: string;
	/** whether events can come in */
	readonly watching: boolean;
	readonly objects: number;
	readonly secondsSinceContact: number | null;
	readonly troubles: ReadonlyMap<string, number>;
}

/** What an agent has to say of itself. */
export interface AgentStatus {
	readonly node: string;
	/** by program: of nft-gen, nft, the kernel, Node, and the release of Kubernetes whose behaviour it has */
	readonly versions: ReadonlyMap<string, string>;
	/** the time of day */
	readonly started: number;
	/** the time of day */
	readonly now: number;
	readonly readiness: Readiness;
	readonly services: number;
	/** of all families and service ports */
	readonly endpoints: number;
	readonly tables: readonly TableStatus[];
	readonly watches: readonly WatchStatus[];
	readonly problems: readonly Problem[];
}

/** More of a list is counted, not shown: the page is for everybody who reaches the port, and must stay cheap. */
export const MOST_SHOWN = 200;

/** The problems that are shown: errors before warnings, else in their order. */
export function shownProblems(problems: readonly Problem[]): readonly Problem[] {
	const of = (wanted: Problem['severity']) => problems.filter(({ severity }) => severity === wanted);
	return [...of('error'), ...of('warning')].slice(0, MOST_SHOWN);
}

/** What of a problem a reader of the page needs. */
function problemFacts({ severity, code, object, sentence, hint }: Problem) {
	return { severity, code, object, sentence, hint };
}

function moment(ms: number | null): string | null {
	return ms === null ? null : goTime(ms);
}

function tableFacts(table: TableStatus) {
	const { family, lastSync, quarantined, ...rest } = table;
	return {
		family: familyName(family),
		...rest,
		lastSync: moment(lastSync),
		quarantinedServicePorts: quarantined.length,
		quarantined: quarantined.slice(0, MOST_SHOWN),
	};
}

/** The status as programs read it. Its fields are part of the interface; new ones may come. */
export function statusJson(status: AgentStatus): string {
	const { node, versions, started, now, readiness, services, endpoints, tables, watches, problems } = status;
	const facts = {
		node,
		versions: Object.fromEntries(versions),
		started: goTime(started),
		now: goTime(now),
		notReady: whyNotReady(readiness),
		picture: readiness.picture,
		services,
		endpoints,
		tables: tables.map(tableFacts),
		watches: watches.map(({ troubles, ...watch }) => ({ ...watch, troubles: Object.fromEntries(troubles) })),
		problems: {
			errors: problems.filter(({ severity }) => severity === 'error').length,
			warnings: problems.filter(({ severity }) => severity === 'warning').length,
			shown: shownProblems(problems).map(problemFacts),
		},
	};
	return `${JSON.stringify(facts, null, '\t')}\n`;
}
