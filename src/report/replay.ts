import type { NotReplayed, Replay, ReplayMismatch, ReplayStrays } from '../model/replay.ts';
import { counted, firstFew, thousands } from './counts.ts';
import { plain } from './escape.ts';
import { clientText, frontendText } from './treatments.ts';

/** What real packets said of a comparison, as text: a line where they agree, and what differs below it. */
export function replayReport(replay: Replay | NotReplayed): string {
	if (replay.kind === 'not-replayed') return `${plain(`kernel  not replayed: ${replay.why}`)}\n`;
	const lines = [
		`kernel  ${headline(replay)}`,
		...replay.skipped.map(({ count, reason }) => `        ${thousands(count)} ${reason}`),
		...replay.mismatches.slice(0, MOST_MISMATCHES).flatMap(mismatchLines),
		...othersLine(replay.mismatches.length - MOST_MISMATCHES),
		...replay.strays.map(strayLine),
	];
	return lines.map((line) => `${plain(line)}\n`).join('');
}

const MOST_MISMATCHES = 10;
const MOST_NODES = 5;
const MOST_ADDRESSES = 5;

function headline({ sent, agreeing, nodes }: Replay): string {
	if (sent === 0) return 'nothing to replay';
	const counts = `${thousands(agreeing)}/${thousands(sent)} replayed`;
	return `${counts}, before and after, each on one of the nodes that treat it alike (${firstFew(nodes, MOST_NODES)})`;
}

function mismatchLines({ flow, side, node, sent, expected, seen, ways }: ReplayMismatch): readonly string[] {
	const { owner, client, frontend } = flow;
	return [
		`DIFFERS ${owner.namespace}/${owner.service}${owner.port === '' ? '' : `:${owner.port}`}  ${clientText(client)} to ${frontendText(frontend)}, ${side}, on ${node}`,
		`        sent      ${sent}`,
		`        expected  ${expected.join('; ')}`,
		`        kernel    ${seen.join('; ')}`,
		...ways.map((way, index) => `        ${index === 0 ? 'tracer  ' : '        '}  ${way}`),
	];
}

function othersLine(count: number): readonly string[] {
	return count > 0 ? [`        and ${counted(count, 'more difference')}`] : [];
}

function strayLine({ node, side, addresses }: ReplayStrays): string {
	return `DIFFERS packets came out at ${firstFew(addresses, MOST_ADDRESSES)}, where nobody expects any, ${side}, on ${node}`;
}
