import { familyName, type IpFamily } from '../model/ip.ts';
import { type Answer, jsonAnswer } from './answer.ts';

/** What the rules are made of. */
export interface Picture {
	/** objects that the API server sends, or those that were saved when it last did */
	readonly from: 'api-server' | 'saved-state';
	/** since the API server was last heard of it: of the resource it was heard of least recently, or when it was saved */
	readonly ageSeconds: number;
}

/** How far an agent has come. */
export interface Readiness {
	readonly families: readonly IpFamily[];
	/** those whose table was brought to what it should be at least once since the start */
	readonly synced: ReadonlySet<IpFamily>;
	/** null while nothing is known of the cluster */
	readonly picture: Picture | null;
}

/** A picture of the cluster that is older is one to be warned of; bookmarks come each minute. */
export const STALE_AFTER_SECONDS = 300;

/** Why an agent is not ready; null when it is. */
export function whyNotReady(readiness: Readiness, staleAfterSeconds = STALE_AFTER_SECONDS): string | null {
	const { families, synced, picture } = readiness;
	if (picture === null) return 'nothing is known of the cluster yet';
	const missing = families.filter((family) => !synced.has(family)).map(familyName);
	if (families.length === 0 || missing.length > 0) return `not yet programmed: ${missing.join(', ') || 'any family'}`;
	if (picture.ageSeconds <= staleAfterSeconds) return null;
	const age = Math.round(picture.ageSeconds);
	return picture.from === 'saved-state'
		? `rules are made of a state saved ${age} s ago; the API server has not answered since the start`
		: `the API server was last heard ${age} s ago`;
}

/**
 * `/readyz`, which kube-proxy has not: 200 once every table was programmed, from a picture of the cluster that is not
 * stale. A new version that cannot reach the API server so stops its own rollout. It does not end traffic: rules stay in
 * force, and load balancers ask `/healthz`.
 */
export function readyzAnswer(readiness: Readiness, staleAfterSeconds = STALE_AFTER_SECONDS): Answer {
	const reason = whyNotReady(readiness, staleAfterSeconds);
	const facts = {
		ready: reason === null,
		...(reason === null ? {} : { reason }),
		programmed: Object.fromEntries(
			readiness.families.map((family) => [familyName(family), readiness.synced.has(family)]),
		),
		picture: readiness.picture,
	};
	return jsonAnswer(reason === null ? 200 : 503, JSON.stringify(facts));
}

/** What a watch says of itself. */
export interface Contact {
	/** on the watch's clock, in milliseconds; null if never */
	readonly lastContact: number | null;
}

/** How long ago the resource heard least recently was heard; null when one never was. @param required those that every cluster has */
export function pictureAge(
	stats: ReadonlyMap<string, Contact>,
	now: number,
	required: readonly string[] = ['services', 'endpointslices', 'nodes'],
): number | null {
	const contacts = required.map((name) => stats.get(name)?.lastContact ?? null);
	const known = contacts.filter((contact) => contact !== null);
	return known.length < contacts.length ? null : (now - Math.min(...known)) / 1000;
}
