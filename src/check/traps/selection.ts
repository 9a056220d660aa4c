import type { PortSide } from '../../findings/evidence.ts';
import { isSelected, valueAt } from '../../findings/input-objects.ts';
import { missingTargetPort, selectorHint } from '../../findings/selection.ts';
import type { CheckDraft } from '../../model/check-report.ts';
import { type Service, servicePortName } from '../../model/cluster-state.ts';
import { IP_FAMILIES } from '../../model/ip.ts';
import { inside, type Origin } from '../../model/problem.ts';
import { failed, notLooked } from '../result.ts';
import { specField, type Trapped, titleOf } from './trap.ts';

const NO_PODS =
	'no Pod is in the input: pass --cluster FILE made by nft-gen capture, or manifests with Pods or workloads';

/** Finds Services without endpoints whose selector matches no Pod. */
export function idleSelectors(trapped: Trapped): readonly CheckDraft[] {
	const { state, choice } = trapped;
	const idle = state.services.filter((service) => !service.ports.some(hasEndpoints) && asksForPods(service, trapped));
	if (idle.length > 0 && !hasPods(trapped)) return [notLooked('selector-matches-nothing', NO_PODS, choice)];
	return idle.flatMap((service) => {
		const sentence = sentenceOf(service, trapped);
		const about = { object: titleOf(service), origin: specField(service, 'selector') };
		return sentence === null ? [] : [failed('selector-matches-nothing', { ...about, sentence }, choice)];
	});
}

/** Finds service ports whose target port none of the selected Pods has. */
export function unresolvedTargetPorts(trapped: Trapped): readonly CheckDraft[] {
	const { state, objects, network, choice } = trapped;
	const isMissing = missingTargetPort(objects, network.behaviour);
	const sides = state.services.flatMap((service) => service.ports.map((port): PortSide => ({ service, port })));
	const idle = sides.filter(({ service, port }) => !hasEndpoints(port) && asksForPods(service, trapped));
	if (idle.length > 0 && !hasPods(trapped)) return [notLooked('target-port-unresolved', NO_PODS, choice)];
	return idle.filter(isMissing).map(({ service, port }) => {
		const sentence = `none of the Pods that it selects has the port that ${port.port}/${port.protocol} leads to`;
		const about = { object: `Service ${servicePortName(port.id)}`, sentence };
		const origin = portField({ service, port }, trapped);
		return failed('target-port-unresolved', { ...about, origin }, choice);
	});
}

function hasEndpoints({ endpoints }: Service['ports'][number]): boolean {
	return IP_FAMILIES.some((family) => endpoints[family].length > 0);
}

/** The input may have ports that were left out: the name tells which one it is. */
function portField({ service, port }: PortSide, { objects }: Trapped): Origin {
	const { namespace, name } = service;
	const written = valueAt(objects.services.get(`${namespace}/${name}`)?.value, 'spec', 'ports');
	const ports: readonly unknown[] = Array.isArray(written) ? written : [];
	const index = ports.findIndex((each) => (valueAt(each, 'name') ?? '') === port.id.port);
	return index < 0 ? specField(service, 'ports') : inside(service.origin, 'spec', 'ports', index);
}

function hasPods({ objects }: Trapped): boolean {
	return objects.pods.size > 0;
}

/** A Service without a selector has slices made by hand. */
function asksForPods(service: Service, trapped: Trapped): boolean {
	const selector = selectorOf(service, trapped);
	return typeof selector === 'object' && selector !== null && Object.keys(selector).length > 0;
}

function selectorOf({ namespace, name }: Service, { objects }: Trapped): unknown {
	return valueAt(objects.services.get(`${namespace}/${name}`)?.value, 'spec', 'selector');
}

function sentenceOf(service: Service, trapped: Trapped): string | null {
	const { namespace, name } = service;
	const pods = trapped.objects.pods.get(namespace) ?? [];
	if (pods.length === 0) return `its selector matches no Pod: there is none in ${namespace}`;
	if (pods.some(({ labels }) => isSelected(selectorOf(service, trapped), labels))) return null;
	return selectorHint(`${namespace}/${name}`, trapped.objects) ?? 'its selector matches no Pod';
}
