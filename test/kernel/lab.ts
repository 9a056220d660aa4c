import { closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { execa } from 'execa';
import { afterAll, beforeAll } from 'vitest';
import { filledFile } from '../../src/host/nft/nft.ts';
import { intake } from '../../src/intake/intake.ts';
import type { ClusterState } from '../../src/model/cluster-state.ts';
import { IP_FAMILIES } from '../../src/model/ip.ts';
import type { Settings } from '../../src/model/settings.ts';
import { NEWEST_BEHAVIOUR } from '../../src/versions/behaviour.ts';
import { compiled, type TestRuleset } from '../support/compiled.ts';
import { documents } from '../support/objects.ts';
import { type Agent, startAgent } from './agent-process.ts';
import type { Answer, Question, Transport } from './messages.ts';
import { describeKernel } from './requirements.ts';
import { type Namespaces, nameNamespaces, PLACES, type Place, unwire, wire } from './wiring.ts';

/** A node n1 with its surroundings, in namespaces: rulesets are loaded into it and real packets sent through it. */
export interface Lab {
	/** compiles the objects for node n1, loads the result, lets all endpoints listen and forgets all connections */
	readonly load: (objects: readonly unknown[], changes?: Partial<Settings>) => Promise<TestRuleset>;
	/** loads a complete ruleset file into the node, and nothing else */
	readonly apply: (text: string) => Promise<void>;
	/** lets every endpoint of a state listen; those that do already are left alone */
	readonly listen: (state: ClusterState) => Promise<void>;
	/** makes every next packet the first of its connection */
	readonly forgetConnections: () => Promise<void>;
	/** asks the process at a place to send or receive something */
	readonly ask: (place: Place, question: Question) => Promise<Answer>;
	/** runs a program in the node's namespace and gives its output */
	readonly run: (program: string, args: readonly string[], input?: string) => Promise<string>;
	readonly namespaces: Namespaces;
	readonly close: () => Promise<void>;
}

/** Builds a lab; close it when done. Its namespaces go away with the process at the latest. */
export async function openLab(): Promise<Lab> {
	const namespaces = nameNamespaces();
	const removeAll = () => unwire(namespaces);
	process.once('exit', removeAll);
	exitOnSignals();
	await wire(namespaces);
	const started = await Promise.all(PLACES.map(async (place) => [place, await startAgent(namespaces[place])] as const));
	const agents: ReadonlyMap<Place, Agent> = new Map(started);

	const run: Lab['run'] = async (program, args, input = '') => {
		// nft 1.0.9 takes no pipe as a file.
		const file = filledFile(tmpdir(), input);
		try {
			const options = { stdin: file as 9 };
			const { stdout } = await execa('ip', ['netns', 'exec', namespaces.node, program, ...args], options);
			return stdout;
		} finally {
			closeSync(file);
		}
	};
	const ask: Lab['ask'] = (place, question) => {
		const agent = agents.get(place);
		return agent === undefined ? Promise.reject(new Error(`nobody lives at ${place}`)) : agent.ask(question);
	};
	const apply = async (text: string) => {
		await run('nft', ['-f', '-'], text);
	};
	const forgetConnections = async () => {
		await run('conntrack', ['-F']);
	};
	const listen = async (state: ClusterState) => {
		for (const { place, ...listener } of listeners(state)) {
			const answer = await ask(place, { ask: 'listen', ...listener });
			if (answer.kind !== 'answered') throw new Error(`nobody can listen on ${listener.address}: ${answer.kind}`);
		}
	};
	const load: Lab['load'] = async (objects, changes) => {
		const ruleset = compiled(objects, changes);
		await Promise.all([apply(ruleset.text), listen(intake(documents(...objects), NEWEST_BEHAVIOUR).state)]);
		await forgetConnections();
		return ruleset;
	};
	const close = async () => {
		await Promise.all([...agents.values()].map((agent) => agent.stop()));
		process.off('exit', removeAll);
		removeAll();
	};
	return { load, apply, listen, forgetConnections, ask, run, namespaces, close };
}

let exitsOnSignals = false;

/** A signal by itself ends a process without its `exit` event, in which the namespaces are removed. */
function exitOnSignals(): void {
	if (exitsOnSignals) return;
	exitsOnSignals = true;
	process.once('SIGINT', () => process.exit(130));
	process.once('SIGTERM', () => process.exit(143));
}

interface Listener {
	readonly place: Place;
	readonly protocol: Transport;
	readonly address: string;
	readonly port: number;
}

/** All endpoints of a state, used or not: a packet that goes astray is answered too, and so noticed. SCTP has no sockets here. */
function* listeners(state: ClusterState): Generator<Listener> {
	for (const { ports } of state.services) {
		for (const { protocol, endpoints } of ports) {
			if (protocol === 'sctp') continue;
			for (const family of IP_FAMILIES) {
				for (const { address, port } of endpoints[family]) yield { place: placeOf(address), protocol, address, port };
			}
		}
	}
}

/** Where an address of the tests' address plan is. */
function placeOf(address: string): Place {
	if (address === '192.168.10.1' || address === 'fd00:192:168:10::1') return 'node';
	return /^(?:10\.244\.1\.|fd00:10:244:1::)/.test(address) ? 'pods' : 'elsewhere';
}

/** `describe` with a lab for all tests in it: built before the first, gone after the last. */
export function describeLab(name: string, body: (lab: () => Lab) => void): void {
	describeKernel(name, () => {
		let lab: Lab | null = null;
		beforeAll(async () => {
			lab = await openLab();
		});
		afterAll(async () => {
			await lab?.close();
		});
		body(() => {
			if (lab === null) throw new Error('the lab is not built yet');
			return lab;
		});
	});
}
