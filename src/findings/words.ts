import type { FlowChange, Treatment } from '../model/change-set.ts';
import { compareBytes } from '../model/order.ts';

/** A number of things: `1 endpoint`, `3 endpoints`. */
export function counted(count: number, thing: string): string {
	return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

/** Texts in order without repetition, or null where there is none. */
export function listed(texts: readonly string[]): string | null {
	return texts.length === 0 ? null : [...new Set(texts)].sort(compareBytes).join(', ');
}

/** How clients of flows are treated on a side, in a few words: `3 endpoints`, `2 to 3 endpoints or dropped`. */
export function treatedBefore(flows: readonly FlowChange[]): string | null {
	return treated(flows.map(({ before }) => before));
}

/** The same for the head's side. */
export function treatedAfter(flows: readonly FlowChange[]): string | null {
	return treated(flows.map(({ after }) => after));
}

function treated(treatments: readonly Treatment[]): string | null {
	const counts = treatments.filter(({ kind }) => kind === 'endpoints').map(({ endpoints }) => endpoints.length);
	const others = new Set(treatments.map(({ kind }) => kind).filter((kind) => kind !== 'endpoints'));
	const words = [
		...(counts.length === 0 ? [] : [someEndpoints(counts)]),
		...(others.has('refused') ? ['refused'] : []),
		...(others.has('dropped') ? ['dropped'] : []),
		...(others.has('untouched') ? ['not served'] : []),
	];
	return words.length === 0 ? null : words.join(' or ');
}

function someEndpoints(counts: readonly number[]): string {
	const [least, most] = counts.reduce(([low, high], count) => [Math.min(low, count), Math.max(high, count)], [
		Number.POSITIVE_INFINITY,
		0,
	] as [number, number]);
	return least === most ? counted(most, 'endpoint') : `${least} to ${counted(most, 'endpoint')}`;
}
