import type { Behaviour } from '../model/behaviour.ts';
import type { Service } from '../model/cluster-state.ts';
import { byFamily } from '../model/ip.ts';
import { below, type Field, fieldOf, problemAt, type Report, reportShape } from './fields.ts';
import type { KubeObject } from './kube-object.ts';
import { readTopologyMode, readTrafficDistribution, readTrafficPolicies } from './policies.ts';
import { readServiceAddresses, readSourceRanges } from './service-addresses.ts';
import { readPorts } from './service-ports.ts';
import { type ServiceInput, serviceShape } from './shapes.ts';

const DEFAULT_AFFINITY_SECONDS = 10800;
const MAX_AFFINITY_SECONDS = 86400;

/**
 * Reads a Service; its ports have no endpoints yet. Null when it is not proxied
 * (headless, ExternalName, no ClusterIP: kube-proxy `pkg/proxy/util/utils.go` ShouldSkipService) or unusable, which is reported.
 */
export function readService(object: KubeObject, behaviour: Behaviour, report: Report): Service | null {
	const parsed = serviceShape.safeParse(object.value);
	if (!parsed.success) {
		reportShape(parsed.error, object.value, fieldOf(object), 'the Service', report);
		return null;
	}
	const { metadata, spec, status } = parsed.data;
	if (spec.clusterIP === 'None' || spec.type === 'ExternalName') return null;
	if (!spec.clusterIP) {
		reportUnallocated(object, report);
		return null;
	}
	const field = fieldOf(object);
	const addresses = readServiceAddresses(field, spec, status, behaviour, report);
	return {
		namespace: object.namespace,
		name: object.name,
		origin: object.origin,
		created: object.created,
		...readTrafficPolicies(spec, below(field, 'spec'), behaviour, report),
		trafficDistribution: readTrafficDistribution(spec, below(field, 'spec', 'trafficDistribution'), behaviour, report),
		topologyMode: readTopologyMode(metadata.annotations ?? {}, behaviour),
		hasSelector: Object.keys(spec.selector ?? {}).length > 0,
		hintsComputed: false,
		affinitySeconds: affinitySeconds(
			spec,
			fieldOf(object, 'spec', 'sessionAffinityConfig', 'clientIP', 'timeoutSeconds'),
			report,
		),
		sourceRanges: readSourceRanges(field, spec, report),
		ports: readPorts(object, spec.ports ?? [], addresses, report),
		sharedOut: byFamily(() => []),
	};
}

function reportUnallocated(object: KubeObject, report: Report): void {
	report(
		problemAt(fieldOf(object, 'spec'), {
			code: 'no-cluster-ip',
			severity: 'warning',
			sentence: 'it has no clusterIP yet, so nothing can be made for it',
			hint: 'the API server assigns one: take what "kubectl get services -o yaml" prints, or write one in',
		}),
	);
}

function affinitySeconds(spec: ServiceInput['spec'], field: Field, report: Report): number | null {
	if (spec.sessionAffinity !== 'ClientIP') return null;
	const asked = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? DEFAULT_AFFINITY_SECONDS;
	const used = Math.floor(Math.min(Math.max(asked, 1), MAX_AFFINITY_SECONDS));
	if (used !== asked) {
		report(
			problemAt(field, {
				code: 'affinity-timeout-clamped',
				severity: 'warning',
				sentence: `its session affinity of ${asked} s is not a whole number from 1 to ${MAX_AFFINITY_SECONDS}; ${used} s is used`,
			}),
		);
	}
	return used;
}
