import type { PodDetection } from '../model/node-view.ts';
import type { Match } from '../model/ruleset.ts';
import { SET } from './names.ts';

/** Matches packets that come from a pod of the cluster, or, negated, from anywhere else. */
export function fromPod(pods: PodDetection, negate = false): Match {
	if (pods.by === 'networks') return { kind: 'member', fields: ['saddr'], negate, set: SET.podNetworks };
	return { kind: 'interface', negate, name: pods.name };
}
