import type { Service, TrafficDistribution, TrafficPolicy } from '../model/cluster-state.ts';
import { shown } from '../model/names.ts';
import { type Field, fieldOf, problemAt, type Report, reportShape } from './fields.ts';
import { type KubeObject, labelOf } from './kube-object.ts';
import { readServiceAddresses, readSourceRanges } from './service-addresses.ts';
import { readPorts } from './service-ports.ts';
import { type ServiceInput, serviceShape } from './shapes.ts';

const PROXY_NAME_LABEL = 'service.kubernetes.io/service-proxy-name';
const HEADLESS_LABEL = 'service.kubernetes.io/headless';

const DEFAULT_AFFINITY_SECONDS = 10800;
const MAX_AFFINITY_SECONDS = 86400;

/**
 * Whether kube-proxy's watch leaves the object out: a Service that names another proxy, a slice of a headless Service.
 * The label's value does not matter (kube-proxy `cmd/kube-proxy/app/server.go` Run, 1.37).
 */
export function isHiddenFromProxies(object: KubeObject): boolean {
	return labelOf(object, object.kind === 'Service' ? PROXY_NAME_LABEL : HEADLESS_LABEL) !== undefined;
}

/**
 * Reads a Service; its ports have no endpoints yet. Null when it is not proxied
 * (headless, ExternalName, no ClusterIP: kube-proxy `pkg/proxy/util/utils.go` ShouldSkipService) or unusable, which is reported.
 */
export function readService(object: KubeObject, report: Report): Service | null {
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
	const addresses = readServiceAddresses(field, spec, status, report);
	return {
		namespace: object.namespace,
		name: object.name,
		origin: object.origin,
		created: object.created,
		internalTrafficPolicy: spec.internalTrafficPolicy === 'Local' ? 'Local' : 'Cluster',
		externalTrafficPolicy: externalTrafficPolicy(spec),
		trafficDistribution: trafficDistribution(spec, fieldOf(object, 'spec', 'trafficDistribution'), report),
		topologyAuto: isTopologyAuto(metadata.annotations ?? {}),
		hintsComputed: false,
		affinitySeconds: affinitySeconds(
			spec,
			fieldOf(object, 'spec', 'sessionAffinityConfig', 'clientIP', 'timeoutSeconds'),
			report,
		),
		sourceRanges: readSourceRanges(field, spec, report),
		ports: readPorts(object, spec.ports ?? [], addresses, report),
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

/** eTP counts for Services that can be reached from outside at all (kube-proxy `pkg/api/v1/service/util.go` ExternalPolicyLocal). */
function externalTrafficPolicy(spec: ServiceInput['spec']): TrafficPolicy {
	const external = spec.type === 'NodePort' || spec.type === 'LoadBalancer' || (spec.externalIPs ?? []).length > 0;
	return external && spec.externalTrafficPolicy === 'Local' ? 'Local' : 'Cluster';
}

const DISTRIBUTIONS: ReadonlyMap<string, TrafficDistribution> = new Map([
	['PreferClose', 'PreferSameZone'],
	['PreferSameZone', 'PreferSameZone'],
	['PreferSameNode', 'PreferSameNode'],
]);

function trafficDistribution(spec: ServiceInput['spec'], field: Field, report: Report): TrafficDistribution | null {
	const text = spec.trafficDistribution;
	if (!text) return null;
	const known = DISTRIBUTIONS.get(text);
	if (known === undefined) {
		report(
			problemAt(field, {
				code: 'unknown-distribution',
				severity: 'warning',
				sentence: `its trafficDistribution ${shown(text)} is not one Kubernetes knows; it is ignored`,
				hint: `use ${[...DISTRIBUTIONS.keys()].join(', ')}`,
			}),
		);
	}
	return known ?? null;
}

/** The older key hides the newer one, whatever it says (endpointslice `util/controller_utils.go`). */
function isTopologyAuto(annotations: Readonly<Record<string, unknown>>): boolean {
	const older = annotations['service.kubernetes.io/topology-aware-hints'];
	const value = older === undefined ? annotations['service.kubernetes.io/topology-mode'] : older;
	return value === 'Auto' || value === 'auto';
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
