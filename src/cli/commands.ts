import type { Command } from 'commander';
import { addAction } from './action/action-arguments.ts';
import { AGENT_EXAMPLES, addAgent } from './agent/agent-arguments.ts';
import { addCapture, CAPTURE_EXAMPLES } from './capture-arguments.ts';
import { addCheck, CHECK_EXAMPLES } from './check/check-arguments.ts';
import { addDiff, DIFF_EXAMPLES } from './diff/diff-arguments.ts';
import { addExplain, EXPLAIN_EXAMPLES } from './explain/explain-arguments.ts';
import { addGitDiffDriver } from './git-diff-driver.ts';
import { addRender, RENDER_EXAMPLES } from './render/render-arguments.ts';
import { addSchema, SCHEMA_EXAMPLES } from './schema.ts';
import { addTrace, TRACE_EXAMPLES } from './trace/trace-arguments.ts';
import type { Perform } from './world.ts';

/** What the program's help ends with. */
export const HELP = `
Examples:${RENDER_EXAMPLES}${AGENT_EXAMPLES}${TRACE_EXAMPLES}${EXPLAIN_EXAMPLES}${DIFF_EXAMPLES}${CHECK_EXAMPLES}${CAPTURE_EXAMPLES}${SCHEMA_EXAMPLES}

Exit codes: 0 done, 1 failed, 64 the command line is wrong.
`;

/** Adds a command with its options to the program. */
type Add = (program: Command, perform: Perform) => void;

/** In the order of the help. */
const COMMANDS: ReadonlyMap<string, Add> = new Map([
	['render', addRender],
	['agent', addAgent],
	['trace', addTrace],
	['explain', addExplain],
	['diff', addDiff],
	['check', addCheck],
	['capture', addCapture],
	['schema', addSchema],
	['action', addAction],
	['git-diff-driver', addGitDiffDriver],
]);

/** The command of a name; all of them where that is none's, to list or suggest them. */
export function commandsFor(name: string | undefined): readonly Add[] {
	const asked = COMMANDS.get(name ?? '');
	return asked === undefined ? [...COMMANDS.values()] : [asked];
}
