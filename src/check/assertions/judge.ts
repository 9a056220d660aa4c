import type { Endpoint } from '../../model/cluster-state.ts';
import { socketText } from '../../model/ip.ts';
import type { Fate, Outcome } from '../../trace/trace.ts';
import type { Asked } from './ask.ts';
import type { Expectation } from './assertion.ts';

/** What is known of an endpoint that a connection ends at. */
export interface Reached {
	/** `ADDRESS:PORT` */
	readonly target: string;
	readonly masqueraded: boolean;
	/** as its slice says, null where that is not known */
	readonly endpoint: Endpoint | null;
	readonly zone: string | null;
}

/** Says why a connection is not what was expected; null where it is. */
export function shortfall(expect: Expectation, { outcomes, site }: Asked, reached: readonly Reached[]): string | null {
	const is = outcomeText(outcomes);
	if (!hasFate(expect.fate, outcomes)) return `expected ${expect.fate}, and it is ${is}`;
	return (
		wrongSource(expect, reached) ??
		wrongCount(expect, reached) ??
		stranger(expect, reached) ??
		elsewhere(expect, reached, site.here)
	);
}

function hasFate(fate: Expectation['fate'], outcomes: readonly Outcome[]): boolean {
	const all = (kind: Fate['kind']) => outcomes.length > 0 && outcomes.every((outcome) => outcome.fate.kind === kind);
	switch (fate) {
		case 'delivered':
			return all('endpoint');
		case 'unreachable':
			return outcomes.every((outcome) => outcome.fate.kind !== 'endpoint');
		case 'refused':
		case 'dropped':
			return all(fate);
	}
}

function wrongSource({ source }: Expectation, reached: readonly Reached[]): string | null {
	if (source === null) return null;
	const wrong = reached.find(({ masqueraded }) => masqueraded !== (source === 'masqueraded'));
	if (wrong === undefined) return null;
	return source === 'preserved'
		? `expected the client's address to be preserved, and ${wrong.target} sees a node's address`
		: `expected the client to be masqueraded, and ${wrong.target} sees its address`;
}

function wrongCount({ minEndpoints, maxEndpoints }: Expectation, reached: readonly Reached[]): string | null {
	const { length } = reached;
	if (minEndpoints !== null && length < minEndpoints) {
		return `expected ${counted(minEndpoints)} or more, and reaches ${length}`;
	}
	if (maxEndpoints !== null && length > maxEndpoints) {
		return `expected ${counted(maxEndpoints)} at the most, and reaches ${length}`;
	}
	return null;
}

function counted(count: number): string {
	return `${count} endpoint${count === 1 ? '' : 's'}`;
}

function stranger({ to }: Expectation, reached: readonly Reached[]): string | null {
	if (to === null) return null;
	const wrong = reached.find(({ target, endpoint }) => !to.includes(target) && !to.includes(podText(endpoint)));
	return wrong === undefined
		? null
		: `expected no endpoint but ${to.join(', ') || 'none'}, and reaches ${wrong.target}`;
}

function podText(endpoint: Endpoint | null): string {
	return endpoint?.pod ? `pod:${endpoint.pod.namespace}/${endpoint.pod.name}` : '';
}

function elsewhere(
	{ sameZone, sameNode }: Expectation,
	reached: readonly Reached[],
	here: { readonly node: string; readonly zone: string | null },
): string | null {
	if (sameZone && here.zone === null) return `expected endpoints of the same zone, and node ${here.node} has none`;
	const inOther = sameZone ? reached.find(({ zone }) => zone !== here.zone) : undefined;
	if (inOther !== undefined) {
		return `expected endpoints of zone ${here.zone} only, and reaches ${inOther.target} ${whereText('in zone', inOther.zone)}`;
	}
	const onOther = sameNode ? reached.find(({ endpoint }) => endpoint?.node !== here.node) : undefined;
	if (onOther === undefined) return null;
	return `expected endpoints on node ${here.node} only, and reaches ${onOther.target} ${whereText('on', onOther.endpoint?.node ?? null)}`;
}

function whereText(preposition: string, name: string | null): string {
	return name === null ? 'of which nobody says where it is' : `${preposition} ${name}`;
}

const MOST_TARGETS = 3;

/** What becomes of a connection, in a few words: `2 endpoints: 10.244.1.5:8080, 10.244.2.5:8080, masqueraded`. */
export function outcomeText(outcomes: readonly Outcome[]): string {
	if (outcomes.length === 0) return 'not served: it has no address for clients outside';
	const fates = outcomes.map(({ fate }) => fate);
	const endpoints = fates.filter((fate) => fate.kind === 'endpoint');
	const others = new Set(fates.map(({ kind }) => WORDS[kind]).filter((word) => word !== ''));
	if (endpoints.length === 0) return [...others].join(' or ');
	const targets = endpoints.map(({ address, port }) => socketText(address, port));
	const more = targets.length > MOST_TARGETS ? ` and ${targets.length - MOST_TARGETS} more` : '';
	const hidden = endpoints.some(({ masqueraded }) => masqueraded) ? ', masqueraded' : '';
	return [`${counted(targets.length)}: ${targets.slice(0, MOST_TARGETS).join(', ')}${more}${hidden}`, ...others].join(
		' or ',
	);
}

const WORDS: Readonly<Record<Fate['kind'], string>> = {
	endpoint: '',
	untouched: 'not served',
	refused: 'refused',
	dropped: 'dropped',
};
