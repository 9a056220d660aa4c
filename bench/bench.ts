import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { keepToTwoCores } from './measure/cores.ts';
import { type Options, readOptions, usage } from './options.ts';
import type { Findings, Part } from './part.ts';
import { agent } from './parts/agent.ts';
import { boundary } from './parts/boundary.ts';
import { change } from './parts/change.ts';
import { datapath } from './parts/datapath.ts';
import { diff } from './parts/diff.ts';
import { fleet } from './parts/fleet.ts';
import { realKubeProxy } from './parts/real-kube-proxy.ts';
import { render } from './parts/render.ts';
import { scale } from './parts/scale.ts';
import { startup } from './parts/startup.ts';
import { goalTable, isMet } from './report/goal.ts';
import { type Table, tableLines } from './report/table.ts';
import { openWorkshop, type Workshop } from './workshop.ts';

/** In this order; start-up comes first, while this process is still small and quick to fork. */
const PARTS: readonly Part[] = [startup, render, scale, fleet, diff, agent, realKubeProxy, datapath, boundary, change];

/** Above this, somebody else uses the machine. */
const MOST_LOAD = 0.5;

const EXIT = { met: 0, missed: 1, failed: 2, usage: 64 } as const;

async function main(): Promise<number> {
	const options = optionsOrNull(process.argv.slice(2));
	if (options === null) return EXIT.usage;
	if (options.help) {
		process.stdout.write(usage(PARTS));
		return EXIT.met;
	}
	const workshop = openWorkshop(options);
	// Also after an error that nobody caught.
	process.once('exit', workshop.close);
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(EXIT.failed));
	try {
		keepToTwoCores(workshop.say);
		workshop.build();
		return await runParts(options, workshop);
	} catch (error) {
		workshop.say(error instanceof Error ? error.message : String(error));
		return EXIT.failed;
	} finally {
		workshop.close();
	}
}

function optionsOrNull(args: readonly string[]): Options | null {
	try {
		return readOptions(
			args,
			PARTS.map((part) => part.name),
		);
	} catch (error) {
		process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n\n${usage(PARTS)}`);
		return null;
	}
}

async function runParts(options: Options, workshop: Workshop): Promise<number> {
	const machine = workshop.machine();
	const busy = loadavg()[0] ?? 0;
	print([machine, ...(busy > MOST_LOAD ? [busyWarning(busy)] : []), '']);
	const found: Record<string, Findings> = {};
	for (const part of PARTS) {
		if (options.parts.length > 0 ? !options.parts.includes(part.name) : !part.byDefault) continue;
		workshop.say(`${part.name}: ${part.title}`);
		const findings = await part.run(workshop);
		found[part.name] = findings;
		for (const table of findings.tables) printTable(table);
		if (findings.remarks.length > 0) print([...findings.remarks, '']);
	}
	const goals = Object.values(found).flatMap((findings) => findings.goals);
	if (goals.length > 0) printTable(goalTable(goals));
	if (options.json !== null)
		writeFileSync(options.json, `${JSON.stringify({ machine, load: busy, parts: found }, null, '\t')}\n`);
	return options.fail && !goals.every(isMet) ? EXIT.missed : EXIT.met;
}

/** Rendering uses several threads and loading one, so that other work takes more from the one than from the other. */
function busyWarning(load: number): string {
	return `Others are at work here (load ${load.toFixed(1)}): times and ratios are worse than on a quiet machine.`;
}

function printTable(table: Table): void {
	print([...tableLines(table), '']);
}

function print(lines: readonly string[]): void {
	process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

process.exitCode = await main();
