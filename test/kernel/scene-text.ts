import type { Endpoint, Service } from '../../src/model/cluster-state.ts';
import { cidrText, IP_FAMILIES } from '../../src/model/ip.ts';
import type { Scene } from './random-scenes.ts';

/** A scene in short, for whoever has to find out why a test failed. */
export function sceneText({ state, settings, bound }: Scene): string {
	const decided = JSON.stringify(settings);
	const lines = [`settings ${decided}`, ...(bound.length === 0 ? [] : [`bound to the node: ${bound.join(' ')}`])];
	return [...lines, ...state.services.flatMap(serviceLines)].join('\n');
}

function serviceLines(service: Service): readonly string[] {
	const { internalTrafficPolicy: internal, externalTrafficPolicy: external, affinitySeconds } = service;
	const ranges = IP_FAMILIES.flatMap((family) => service.sourceRanges[family]?.map(cidrText) ?? []);
	const affinity = affinitySeconds === null ? '' : ', affinity';
	const only = ranges.length === 0 ? '' : `, only ${ranges.join(' ')}`;
	const title = `${service.name}: internal ${internal}, external ${external}${affinity}${only}`;
	const ports = service.ports.flatMap(({ protocol, port, nodePort, addresses, endpoints }) =>
		IP_FAMILIES.flatMap((family) => {
			const found = addresses[family];
			if (found === null) return [];
			const { clusterIp, externalIps, loadBalancerIps } = found;
			const at = [clusterIp ?? 'headless', ...externalIps, ...loadBalancerIps, `node port ${nodePort ?? 'none'}`];
			return [`  ${protocol} ${port} at ${at.join(' ')}`, `    → ${endpoints[family].map(endpointText).join(' ')}`];
		}),
	);
	return [title, ...ports];
}

/** `10.244.1.12:8001@n1(ready,terminating,zone:a)` */
function endpointText({ target, node, ready, serving, terminating, zoneHints, nodeHints }: Endpoint): string {
	const facts = [
		...(ready ? ['ready'] : serving ? ['serving'] : ['unready']),
		...(terminating ? ['terminating'] : []),
		...zoneHints.map((zone) => `zone:${zone}`),
		...nodeHints.map((name) => `node:${name}`),
	];
	return `${target}@${node ?? '?'}(${facts.join(',')})`;
}
