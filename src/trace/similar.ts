import type { PodId } from '../model/cluster-state.ts';
import { nearest } from '../model/nearest.ts';
import { podName } from './address-book.ts';

/** The names most like the one asked for; first those that differ in the namespace only, which is easily forgotten. */
export function similar(asked: PodId, known: readonly PodId[]): string {
	const elsewhere = known.filter((each) => each.name === asked.name).map(podName);
	const names = elsewhere.length > 0 ? elsewhere.slice(0, 3) : nearest(podName(asked), known.map(podName));
	return names.join(', ');
}
