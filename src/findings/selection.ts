import { readPod } from '../intake/pod.ts';
import { slicesFromPods } from '../intake/pod-slices.ts';
import type { Behaviour } from '../model/behaviour.ts';
import { IP_FAMILIES } from '../model/ip.ts';
import { shown } from '../model/names.ts';
import { nearest } from '../model/nearest.ts';
import type { PortSide } from './evidence.ts';
import { type InputObjects, isSelected, valueAt } from './input-objects.ts';
import { counted } from './words.ts';

/**
 * What a Service's selector should perhaps say, as a sentence; null where it matches some Pod, or nobody can tell.
 * @param service `NAMESPACE/NAME`
 */
export function selectorHint(service: string, { services, pods }: InputObjects): string | null {
	const [namespace = ''] = service.split('/');
	const selector = valueAt(services.get(service)?.value, 'spec', 'selector');
	const labels = (pods.get(namespace) ?? []).map((pod) => pod.labels);
	if (typeof selector !== 'object' || selector === null || labels.length === 0) return null;
	const wanted = Object.entries(selector);
	if (wanted.length === 0 || labels.some((each) => isSelected(selector, each))) return null;
	const said = wanted.map(([key, value]) => pairText(key, value)).join(', ');
	const none = `the selector ${said} matches none of ${counted(labels.length, 'Pod')} in ${namespace}`;
	const wrong = wanted.find(([key, value]) => !labels.some((each) => valueAt(each, key) === value));
	const meant = wrong === undefined ? null : likely(wrong, labels);
	return meant === null ? none : `${none}; did you mean ${meant}?`;
}

function likely([key, value]: readonly [string, unknown], labels: readonly object[]): string | null {
	const values = new Set(labels.map((each) => valueAt(each, key)).filter((each) => typeof each === 'string'));
	const [alike] = nearest(String(value), [...values]);
	if (alike !== undefined) return pairText(key, alike);
	const [otherKey] = nearest(key, [...new Set(labels.flatMap((each) => Object.keys(each)))]);
	return otherKey === undefined ? null : `the label ${shown(otherKey)}`;
}

function pairText(key: string, value: unknown): string {
	return `${shown(key)}=${shown(value)}`;
}

/** Tells of a service port without endpoints whether Pods are selected, but none has the port that it asks for. */
export function missingTargetPort({ services, pods }: InputObjects, behaviour: Behaviour): (side: PortSide) => boolean {
	return ({ service, port }) => {
		if (IP_FAMILIES.some((family) => port.endpoints[family].length > 0)) return false;
		const object = services.get(`${service.namespace}/${service.name}`);
		if (object === undefined) return false;
		const selector = valueAt(object.value, 'spec', 'selector');
		const selected = (pods.get(service.namespace) ?? []).filter((pod) => isSelected(selector, pod.labels));
		const known = selected.flatMap((pod) => readPod(pod, behaviour, ignore) ?? []);
		const slices = slicesFromPods(object, known, [], behaviour);
		return slices.length > 0 && !slices.some(({ ports }) => ports.some(({ name }) => name === port.id.port));
	};
}

/** The intake reports what is wrong with Pods. */
function ignore(): void {}
