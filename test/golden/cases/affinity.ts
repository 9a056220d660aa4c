import { service, slice } from '../../support/objects.ts';
import type { GoldenCase } from '../golden-case.ts';
import {
	DNS,
	dualService,
	HTTP,
	HTTPS,
	LOAD_BALANCED,
	LOAD_BALANCER,
	LOCAL,
	NODE_PORT,
	type Place,
	slicePorts,
	slices,
	TERMINATING,
} from './dual-stack.ts';

const CLIENT_IP = { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 600 } } };
const HERE: Place = { on: 1 };
const ELSEWHERE: Place = { on: 2 };

/** A Service with session affinity, and its endpoints. */
function web(places: readonly Place[], spec: Record<string, unknown> = {}) {
	return [dualService('web', 20, { spec: { ...CLIENT_IP, ...spec } }), ...slices('web', places)];
}

function loadBalancer(places: readonly Place[], spec: Record<string, unknown> = {}) {
	const all = { ...CLIENT_IP, ...LOAD_BALANCER, ...spec };
	return [dualService('web', 20, { spec: all, status: LOAD_BALANCED }), ...slices('web', places)];
}

function lasting(timeoutSeconds: number) {
	return web([HERE, ELSEWHERE], { sessionAffinityConfig: { clientIP: { timeoutSeconds } } });
}

/** More endpoints than are a rule each; conditions that are not there mean ready. */
function manyEndpoints(spec: Record<string, unknown>) {
	const endpoints = Array.from({ length: 34 }, (_, index) => ({
		addresses: [`10.244.2.${index + 1}`],
		nodeName: 'n2',
	}));
	return [service('web', ['10.96.0.20'], { spec }), slice('web', endpoints)];
}

export const AFFINITY: readonly GoldenCase[] = [
	{
		name: 'default-timeout',
		note: 'No time is given: three hours.',
		objects: web([HERE, ELSEWHERE], { sessionAffinityConfig: undefined }),
	},
	{
		name: 'own-timeout',
		note: 'A client is remembered for ten minutes after its last connection, here at either of two endpoints.',
		objects: web([HERE, ELSEWHERE]),
	},
	{
		name: 'longest-timeout',
		note: 'A day is the longest time that Kubernetes allows.',
		objects: lasting(86400),
	},
	{
		name: 'timeout-too-long',
		note: 'More than a day is read as a day, with a warning.',
		objects: lasting(90000),
		problems: ['affinity-timeout-clamped'],
	},
	{
		name: 'one-endpoint',
		note: 'A single endpoint remembers its clients too, as with kube-proxy.',
		objects: web([HERE]),
	},
	{
		name: 'several-endpoints',
		note: 'Every endpoint has a set of clients and a chain; who is in no set is drawn.',
		objects: web([HERE, ELSEWHERE, { on: 3 }]),
	},
	{
		name: 'many-endpoints',
		note: '34 endpoints, each with a set of clients: past 32 endpoints it is rules all the same, not a map.',
		objects: manyEndpoints(CLIENT_IP),
	},
	{
		name: 'no-affinity',
		note: 'For comparison, without affinity: no sets, and the endpoints are in the chain of the Service.',
		objects: web([HERE, ELSEWHERE], { sessionAffinity: 'None', sessionAffinityConfig: undefined }),
	},
	{
		name: 'no-affinity-many-endpoints',
		note: 'For comparison, without affinity: past 32 endpoints one rule with a map.',
		objects: manyEndpoints({}),
	},
	{
		name: 'node-port',
		note: 'ClusterIP and NodePort lead to the same chain, so they share the memory of clients.',
		objects: web([HERE, ELSEWHERE], NODE_PORT),
	},
	{
		name: 'external-policy-local',
		note: 'The cluster and the local chain share the memory of the endpoint on this node.',
		objects: loadBalancer([HERE, ELSEWHERE], LOCAL),
	},
	{
		name: 'external-policy-local-beside-hints',
		note: 'Hints leave the endpoint here out of the cluster chain; clients from outside still go there and are remembered.',
		objects: loadBalancer(
			[
				{ on: 1, zones: ['b'] },
				{ on: 2, zones: ['a'] },
			],
			LOCAL,
		),
	},
	{
		name: 'external-policy-local-none-here',
		note: 'Outsiders are dropped; pods and this node are sent elsewhere, and remembered there.',
		objects: loadBalancer([ELSEWHERE], LOCAL),
	},
	{
		name: 'external-policy-local-terminating-here',
		note: 'The endpoint here terminates: only the local chain uses it, and it remembers clients too.',
		objects: loadBalancer([{ ...HERE, ...TERMINATING }, ELSEWHERE], LOCAL),
	},
	{
		name: 'internal-policy-local',
		note: 'Only the endpoint here is ever used, so only it has a set of clients.',
		objects: web([HERE, ELSEWHERE], { internalTrafficPolicy: 'Local' }),
	},
	{
		name: 'hints',
		note: 'Zone hints leave one endpoint out: it has no set of clients.',
		objects: web([
			{ on: 1, zones: ['a'] },
			{ on: 2, zones: ['a'] },
			{ on: 3, zones: ['b'] },
		]),
	},
	{
		name: 'terminating',
		note: 'None is ready: those that terminate but still serve are used, and remember clients.',
		objects: web([
			{ ...HERE, ...TERMINATING },
			{ ...ELSEWHERE, ...TERMINATING },
		]),
	},
	{
		name: 'no-endpoint',
		note: 'Refused, and there is nothing to remember.',
		objects: web([]),
	},
	{
		name: 'udp',
		note: 'The same for UDP; the memory is by address, whatever the protocol.',
		objects: [
			dualService('dns', 10, { spec: { ...CLIENT_IP, ports: [DNS] } }),
			...slices('dns', [HERE, ELSEWHERE], { ports: slicePorts(DNS) }),
		],
	},
	{
		name: 'two-ports',
		note: 'Each port has a memory of its own: a client may be at one endpoint for http and at another for https.',
		objects: [
			dualService('web', 20, { spec: { ...CLIENT_IP, ports: [HTTP, HTTPS] } }),
			...slices('web', [HERE, ELSEWHERE], { ports: slicePorts(HTTP, HTTPS) }),
		],
	},
	{
		name: 'unnamed-port',
		note: 'A port without a name is called by protocol and number.',
		objects: [
			dualService('web', 20, { spec: { ...CLIENT_IP, ports: [{ protocol: 'TCP', port: 80, targetPort: 8080 }] } }),
			...slices('web', [HERE, ELSEWHERE], { ports: [{ name: '', protocol: 'TCP', port: 8080 }] }),
		],
	},
	{
		name: 'shared-endpoint',
		note: 'Two Services lead to one pod: each remembers its own clients there.',
		objects: [...web([HERE]), dualService('api', 21, { spec: CLIENT_IP }), ...slices('api', [HERE])],
	},
];
