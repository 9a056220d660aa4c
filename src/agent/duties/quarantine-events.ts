import { createEvent, type Reporter } from '../../host/events.ts';
import type { Access } from '../../host/watch/access.ts';
import { property } from '../../host/watch/answers.ts';
import type { AgentObserver } from '../observer.ts';

/** Writes an Event on the Service whose port the kernel refuses, once for each reason. */
export function quarantineEventsDuty(
	access: Access,
	by: Reporter,
	serviceObject: (name: string) => unknown,
	signal: AbortSignal,
	onFailure: (reason: string) => void,
): Partial<AgentObserver> {
	const told = new Map<string, string>();
	const tell = async (servicePort: string, reason: string) => {
		const [service = ''] = servicePort.split(':');
		const [namespace = '', name = ''] = service.split('/');
		const uid = property(property(serviceObject(service), 'metadata'), 'uid');
		const note = `node ${by.node} cannot program ${servicePort}; it is left as it was: ${reason}`;
		const notice = { namespace, name, uid: typeof uid === 'string' ? uid : null, reason: 'ServicePortRefused', note };
		const failure = await createEvent(access, notice, by, signal);
		if (failure !== null) onFailure(failure);
	};
	return {
		onSyncEnd: (_results, states) => {
			const now = new Map(
				states.flatMap(({ quarantined }) => [...quarantined].map(([name, { reason }]) => [name, reason] as const)),
			);
			for (const [name, reason] of now) if (told.get(name) !== reason) void tell(name, reason);
			told.clear();
			for (const [name, reason] of now) told.set(name, reason);
		},
	};
}
