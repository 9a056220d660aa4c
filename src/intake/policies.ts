import type { Behaviour } from '../model/behaviour.ts';
import type { Service, TopologyAnnotation, TrafficDistribution, TrafficPolicy } from '../model/cluster-state.ts';
import { shown } from '../model/names.ts';
import { below, type Field, problemAt, type Report } from './fields.ts';
import type { ServiceInput } from './shapes.ts';

type Spec = ServiceInput['spec'];
type Policies = Pick<Service, 'internalTrafficPolicy' | 'externalTrafficPolicy'>;

/** The traffic policies as the release reads them. One that it does not use counts as Cluster, which is reported. */
export function readTrafficPolicies(spec: Spec, field: Field, behaviour: Behaviour, report: Report): Policies {
	const externalTrafficPolicy = readExternal(spec, behaviour);
	const unused = spec.internalTrafficPolicy === 'Local' ? unusedInternal(externalTrafficPolicy, behaviour) : null;
	if (unused !== null) {
		report(
			problemAt(below(field, 'internalTrafficPolicy'), {
				code: 'unused-policy',
				severity: 'warning',
				sentence: `its internalTrafficPolicy Local is not used by Kubernetes ${behaviour.release} ${unused}; all endpoints are used`,
			}),
		);
	}
	const isLocal = spec.internalTrafficPolicy === 'Local' && unused === null;
	return { internalTrafficPolicy: isLocal ? 'Local' : 'Cluster', externalTrafficPolicy };
}

function unusedInternal(external: TrafficPolicy, { internalPolicy, policiesApart }: Behaviour): string | null {
	if (!internalPolicy) return 'without the feature gate ServiceInternalTrafficPolicy';
	return !policiesApart && external === 'Local' ? 'where externalTrafficPolicy is Local' : null;
}

/** It counts for Services that can be reached from outside at all (kube-proxy `pkg/api/v1/service/util.go` ExternalPolicyLocal). */
function readExternal(spec: Spec, { externalIpPolicy }: Behaviour): TrafficPolicy {
	const byIps = externalIpPolicy && (spec.externalIPs ?? []).length > 0;
	const external = spec.type === 'NodePort' || spec.type === 'LoadBalancer' || byIps;
	return external && spec.externalTrafficPolicy === 'Local' ? 'Local' : 'Cluster';
}

const DISTRIBUTIONS: readonly TrafficDistribution[] = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];

/** What the Service asks for; null for nothing and for what the release does not know, which is reported. */
export function readTrafficDistribution(
	spec: Spec,
	field: Field,
	{ distributions, release }: Behaviour,
	report: Report,
): TrafficDistribution | null {
	const text = spec.trafficDistribution;
	if (!text) return null;
	const known = DISTRIBUTIONS.find((each) => each === text && distributions.includes(each));
	if (known !== undefined) return known;
	const about = { code: 'unknown-distribution', severity: 'warning' } as const;
	const sentence = `its trafficDistribution ${shown(text)} is not one Kubernetes ${release} knows; it is ignored`;
	report(
		problemAt(field, {
			...about,
			sentence,
			...(distributions.length > 0 ? { hint: `use ${distributions.join(', ')}` } : {}),
		}),
	);
	return null;
}

/** The older key hides the newer one, whatever it says (endpointslice `util/controller_utils.go`, kube-proxy `pkg/proxy/serviceport.go`). */
export function readTopologyMode(
	annotations: Readonly<Record<string, unknown>>,
	{ topologyModeKey }: Behaviour,
): TopologyAnnotation | null {
	const older = annotations['service.kubernetes.io/topology-aware-hints'];
	const newer = topologyModeKey ? annotations['service.kubernetes.io/topology-mode'] : undefined;
	const value = older === undefined ? newer : older;
	if (value === 'Auto' || value === 'auto') return 'auto';
	return value === undefined || value === '' || value === 'Disabled' || value === 'disabled' ? null : 'other';
}
