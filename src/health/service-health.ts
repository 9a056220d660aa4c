import { type IpFamily, parseAddress } from '../model/ip.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import { countLocalReady, type HealthWhere } from './local-ready.ts';
import { at, hasLabel, listAt, textAt } from './raw.ts';

/**
 * A server that tells load balancers whether a Service has endpoints on this node. A Service of two families has two, as
 * kube-proxy has one proxier for each: one for IPv4 addresses that counts IPv4 endpoints, one for IPv6
 * (kube-proxy `pkg/proxy/healthcheck/service_health.go` newServiceHealthServer).
 */
export interface HealthCheck {
	readonly namespace: string;
	readonly name: string;
	readonly family: IpFamily;
	readonly port: number;
	/** different addresses of ready endpoints on this node */
	readonly localEndpoints: number;
}

/**
 * The servers that a Service needs: one for each family in which it is proxied, if it is a LoadBalancer with
 * externalTrafficPolicy Local and a healthCheckNodePort (kube-proxy `pkg/api/v1/service/util.go` NeedsHealthCheck,
 * `pkg/proxy/serviceport.go` newBaseServiceInfo).
 * @param slices all that its label gives it
 */
export function healthChecks(service: unknown, slices: readonly unknown[], where: HealthWhere): readonly HealthCheck[] {
	const port = healthCheckPort(service, where);
	if (port === null) return [];
	const [namespace, name] = [textAt(service, 'metadata', 'namespace'), textAt(service, 'metadata', 'name')];
	return where.families
		.filter((family) => hasClusterIp(service, family))
		.map((family) => ({ namespace, name, family, port, localEndpoints: countLocalReady(slices, family, where) }));
}

/** Null where the Service has none, or none that is used. */
function healthCheckPort(service: unknown, { behaviour }: HealthWhere): number | null {
	const spec = at(service, 'spec');
	if (textAt(spec, 'type') !== 'LoadBalancer' || textAt(spec, 'externalTrafficPolicy') !== 'Local') return null;
	if (isHidden(service, behaviour) || listAt(spec, 'ports').length === 0) return null;
	const port = at(spec, 'healthCheckNodePort');
	return typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65536 ? port : null;
}

/** Whether kube-proxy's watch leaves the Service out (kube-proxy `cmd/kube-proxy/app/server.go` Run). */
function isHidden(service: unknown, { labelsByKind }: HealthWhere['behaviour']): boolean {
	if (hasLabel(service, 'service.kubernetes.io/service-proxy-name')) return true;
	return !labelsByKind && hasLabel(service, 'service.kubernetes.io/headless');
}

/** Whether the Service is proxied in a family (kube-proxy `pkg/proxy/util/utils.go` ShouldSkipService, GetClusterIPByFamily). */
function hasClusterIp(service: unknown, family: IpFamily): boolean {
	const spec = at(service, 'spec');
	const first = textAt(spec, 'clusterIP');
	if (first === '' || first === 'None') return false;
	const families = listAt(spec, 'ipFamilies');
	if (families.length === 0) return isOf(first, family);
	const index = families.indexOf(family === 'ip' ? 'IPv4' : 'IPv6');
	const address = index < 0 ? '' : listAt(spec, 'clusterIPs')[index];
	return typeof address === 'string' && isOf(address, family);
}

function isOf(address: string, family: IpFamily): boolean {
	const parsed = parseAddress(address);
	return 'family' in parsed && parsed.family === family;
}

/**
 * What a server answers to whatever it is asked: 200 when there are endpoints here and rules are kept up to date
 * (kube-proxy `pkg/proxy/healthcheck/service_health.go` ServeHTTP).
 * @param proxyHealthy of all families together, as `/livez` says it
 */
export function healthCheckAnswer(check: HealthCheck, proxyHealthy: boolean): Answer {
	const { namespace, name, localEndpoints } = check;
	const facts = { service: { namespace, name }, localEndpoints, serviceProxyHealthy: proxyHealthy };
	const status = localEndpoints > 0 && proxyHealthy ? 200 : 503;
	return jsonAnswer(status, JSON.stringify(facts, null, '\t'), {
		'X-Load-Balancing-Endpoint-Weight': String(localEndpoints),
	});
}
