import type { KubeProxyRelease } from '../kube-proxy/release.ts';
import type { StateShape } from '../state/state.ts';
import type { Workshop } from '../workshop.ts';

/** How a ruleset is laid out: ours, the fewest commands that could serve, or as a release of kube-proxy does it. */
export type Layout = 'ours' | 'floor' | KubeProxyRelease;

/** What tables and plots call them, the fastest first. */
export const LAYOUT_NAMES: Readonly<Record<Layout, string>> = {
	floor: 'shared-map floor',
	ours: 'nft-gen',
	'1.36': 'kube-proxy from 1.36',
	'1.35': 'kube-proxy up to 1.35',
};

/** The layouts in the order of tables. */
export const LAYOUTS = ['floor', 'ours', '1.36', '1.35'] as const satisfies readonly Layout[];

/** The file of a made-up cluster's ruleset in a layout. */
export async function rulesetOf(workshop: Workshop, layout: Layout, shape: StateShape): Promise<string> {
	if (layout === 'ours') return workshop.ruleset(shape);
	return layout === 'floor' ? workshop.floorRuleset(shape) : workshop.kubeProxyRuleset(shape, layout);
}
