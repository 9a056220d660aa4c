import type { KubeObject } from '../intake/kube-object.ts';
import { sortedBy } from '../model/order.ts';

/** What may keep a preview from being complete. */
export interface Doubts {
	/** Services of whose endpoints nothing is known */
	readonly unknown: readonly KubeObject[];
	/** those that choose otherwise than captured, without Pods to choose from */
	readonly notRecomputed: readonly KubeObject[];
	/** how many Pods are yet to be made, on nodes that nobody knows */
	readonly placed: number;
	readonly hasCapture: boolean;
}

/** What keeps a preview from being complete, a sentence each. */
export function gapsOf({ unknown, notRecomputed, placed, hasCapture }: Doubts): readonly string[] {
	const advice = hasCapture
		? 'the capture has neither their slices nor any Pods'
		: 'pass --cluster FILE made by "nft-gen capture"';
	return [
		...about(unknown, (services) => `for ${services} no endpoints are known: ${advice}`),
		...about(
			notRecomputed,
			(services) =>
				`for ${services} the endpoints are as captured, though selector or ports differ: the capture has no Pods`,
		),
		...(placed === 0
			? []
			: [`where ${placed} new ${placed === 1 ? 'Pod' : 'Pods'} will run is not known: the nodes get them in turn`]),
	];
}

const MOST_NAMED = 3;

function about(services: readonly KubeObject[], sentence: (services: string) => string): readonly string[] {
	const names = sortedBy(new Set(services.map(({ namespace, name }) => `${namespace}/${name}`)), (name) => name);
	if (names.length === 0) return [];
	const some = names.slice(0, MOST_NAMED).join(', ');
	const more = names.length > MOST_NAMED ? ', …' : '';
	return [sentence(`${names.length} ${names.length === 1 ? 'Service' : 'Services'} (${some}${more})`)];
}
