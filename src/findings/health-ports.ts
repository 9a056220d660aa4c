import { type Draft, draft, serviceObject } from './draft.ts';
import { type InputObjects, valueAt } from './input-objects.ts';

/** Finds Services whose healthCheckNodePort becomes another one; the cluster's state does not hold it, rules have none. */
export function healthPortsOf(base: InputObjects, head: InputObjects): readonly Draft[] {
	return [...head.services].flatMap(([key, service]) => {
		const [before, after] = [base.services.get(key), service].map((each) => portText(each?.value));
		if (!before || !after || before === after) return [];
		const sentence = 'load balancers have to ask another port whether a node is healthy';
		const object = serviceObject(service);
		return [draft({ id: 'health-port-changed', object, sentence, before, after, identity: { before, after } })];
	});
}

function portText(service: unknown): string | null {
	const port = valueAt(service, 'spec', 'healthCheckNodePort');
	return typeof port === 'number' && port > 0 ? String(port) : null;
}
