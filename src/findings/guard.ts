import { CLUSTER, type Draft, draft } from './draft.ts';

/** A share of few Services says nothing. */
const LEAST_SERVICES = 10;

const LOSSES: readonly Draft['id'][] = ['service-removed-in-use', 'service-removed', 'service-blackholed'];

/**
 * Finds that more Services are lost than a change may lose: removed, or without an endpoint at one of their ports.
 * @param services how many there were before; the guard sleeps while they are fewer than ten
 * @param mostPercent null for no guard
 */
export function guardOf(drafts: readonly Draft[], services: number, mostPercent: number | null): readonly Draft[] {
	if (mostPercent === null || services < LEAST_SERVICES) return [];
	const losses = drafts.filter(({ id }) => LOSSES.includes(id));
	const lost = new Set(losses.map(({ object: { namespace, name } }) => `${namespace}/${name}`)).size;
	if (lost * 100 <= mostPercent * services) return [];
	const percent = Math.floor((lost * 1000) / services) / 10;
	const sentence = `${lost} of ${services} Services (${percent} %) are removed or lose all endpoints; at most ${mostPercent} % may`;
	const identity = { before: '', after: `more than ${mostPercent} %` };
	return [draft({ id: 'guard-exceeded', object: CLUSTER, sentence, identity })];
}
