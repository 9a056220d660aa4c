import type { Log } from '../../host/log.ts';
import type { AgentObserver } from '../observer.ts';
import type { TableResult } from '../tables.ts';

/** Writes what happens into the log: what an operator should know, and under `debug` every transaction. */
export function logDuty(node: string, log: Log): Partial<AgentObserver> {
	const told = new Set<string>();
	return {
		onSyncEnd: (results, states) => {
			if (results.length === 0) log.warn({ node }, 'the cluster has no such Node: nothing is programmed until it has');
			for (const result of results) logResult(result, log);
			const quarantined = states.flatMap(({ name, quarantined: ports }) =>
				[...ports].map(([servicePort, { reason }]) => ({ family: name.family, servicePort, reason })),
			);
			for (const each of quarantined) {
				if (!told.has(JSON.stringify(each))) log.warn(each, 'the kernel refuses a service port: it is left as it was');
			}
			told.clear();
			for (const each of quarantined) told.add(JSON.stringify(each));
		},
		onTransaction: (_change, text, { outcome, milliseconds }) =>
			log.debug({ bytes: text.length, milliseconds: Math.round(milliseconds), outcome }, 'transaction'),
		onDrift: (found) => log.warn({ found }, 'somebody else changed a table'),
		onCleanUpFailure: (families) => log.warn({ families }, 'chains that nothing leads to could not be removed yet'),
	};
}

function logResult(result: TableResult, log: Log): void {
	const { family, milliseconds } = result;
	const about = { family, milliseconds: Math.round(milliseconds) };
	if (result.kind === 'failed') {
		log.error(about, `the table could not be synchronised: ${result.reason}`);
		return;
	}
	const { contact, programmed } = result.synced;
	const facts = { ...about, contact, programmed: programmed.length };
	if (contact === null) log.debug(facts, 'synchronised');
	else log.info(facts, `the table was ${contact}`);
}
