import type { Cause, EndpointShare, Finding, FlowChange } from '../model/change-set.ts';
import { type Symbols, spoken } from '../model/symbols.ts';

/** A finding with symbols in place of addresses and ports that only stand for something yet to be assigned. */
export function spokenFinding(finding: Finding, symbols: Symbols): Finding {
	const sayIfAny = (text: string | null) => (text === null ? null : spoken(text, symbols));
	return {
		...finding,
		sentence: spoken(finding.sentence, symbols),
		before: sayIfAny(finding.before),
		after: sayIfAny(finding.after),
		flows: finding.flows.map((flow) => spokenFlow(flow, symbols)),
		causes: writtenByPeople(
			finding.causes.map((cause) => ({ ...cause, before: sayIfAny(cause.before), after: sayIfAny(cause.after) })),
			finding.causes,
		),
	};
}

/** What the API server assigns is no cause, unless there is no other. */
function writtenByPeople(said: readonly Cause[], before: readonly Cause[]): readonly Cause[] {
	const written = said.filter((cause, index) => {
		const inside = before[index];
		return cause.before === inside?.before && cause.after === inside.after;
	});
	return written.length > 0 ? written : said;
}

function spokenFlow(flow: FlowChange, symbols: Symbols): FlowChange {
	const { frontend, before, after } = flow;
	const { kind, address, port } = frontend;
	const sayTarget = (share: EndpointShare) => ({ ...share, target: spoken(share.target, symbols) });
	return {
		...flow,
		frontend: {
			...frontend,
			address: address === null ? null : (symbols.addresses.get(address) ?? address),
			port: kind === 'node-port' && port !== null && symbols.nodePorts.has(port) ? null : port,
		},
		before: { ...before, endpoints: before.endpoints.map(sayTarget) },
		after: { ...after, endpoints: after.endpoints.map(sayTarget) },
	};
}
