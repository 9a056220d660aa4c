import type { Behaviour } from '../model/behaviour.ts';
import { familyName, type IpFamily, parseAddress, socketText } from '../model/ip.ts';
import { at, hasLabel, listAt, textAt } from './raw.ts';

/** What of a node and its release decides about health checks. */
export interface HealthWhere {
	readonly node: string;
	readonly families: readonly IpFamily[];
	readonly behaviour: Pick<Behaviour, 'labelsByKind' | 'rivals'>;
}

interface Counted {
	readonly address: string;
	readonly counts: boolean;
}

/**
 * How many different addresses of ready endpoints a Service has on this node, over all ports its slices name, also those
 * that the Service itself does not. Endpoints that terminate count only if they are ready
 * (kube-proxy `pkg/proxy/endpointschangetracker.go` LocalReadyEndpoints).
 */
export function countLocalReady(slices: readonly unknown[], family: IpFamily, where: HealthWhere): number {
	const records = new Map<string, Counted>();
	for (const slice of sorted(slices)) {
		if (textAt(slice, 'addressType') !== familyName(family) || isHidden(slice, where.behaviour)) continue;
		const endpoints = listAt(slice, 'endpoints').flatMap((endpoint) => readEndpoint(endpoint, where) ?? []);
		for (const port of listAt(slice, 'ports')) {
			const number = at(port, 'port');
			if (typeof number !== 'number' || number === 0) continue;
			const name = `${textAt(port, 'name')} ${textAt(port, 'protocol') || 'TCP'}`;
			for (const endpoint of endpoints) {
				const key = `${name} ${socketText(endpoint.address, number)}`;
				if (endpoint.replaces || !records.has(key)) records.set(key, endpoint);
			}
		}
	}
	return new Set([...records.values()].filter(({ counts }) => counts).map(({ address }) => address)).size;
}

/** By name, as everywhere: which of two records wins must not depend on who came first. */
function sorted(slices: readonly unknown[]): readonly unknown[] {
	if (slices.length < 2) return slices;
	return [...slices].sort((a, b) => (textAt(a, 'metadata', 'name') < textAt(b, 'metadata', 'name') ? -1 : 1));
}

/** Whether kube-proxy's watch leaves a slice out (kube-proxy `cmd/kube-proxy/app/server.go` Run). */
function isHidden(slice: unknown, { labelsByKind }: HealthWhere['behaviour']): boolean {
	if (hasLabel(slice, 'service.kubernetes.io/headless')) return true;
	return !labelsByKind && hasLabel(slice, 'service.kubernetes.io/service-proxy-name');
}

/**
 * What says nothing of readiness is ready, and says nothing of terminating does not. Of two records for one endpoint the
 * running one wins, in older releases the one on this node (kube-proxy `pkg/proxy/endpointslicecache.go` addEndpoints).
 */
function readEndpoint(endpoint: unknown, where: HealthWhere): (Counted & { readonly replaces: boolean }) | null {
	const text = listAt(endpoint, 'addresses')[0];
	const parsed = typeof text === 'string' ? parseAddress(text) : null;
	if (parsed === null || 'invalid' in parsed) return null;
	const isLocal = where.node !== '' && textAt(endpoint, 'nodeName') === where.node;
	const ready = (at(endpoint, 'conditions', 'ready') ?? true) === true;
	const terminating = at(endpoint, 'conditions', 'terminating') === true;
	const replaces = where.behaviour.rivals === 'running' ? !terminating : isLocal;
	return { address: parsed.address, counts: isLocal && ready, replaces };
}
