import { compile } from './compile/compile.ts';
import { withHints } from './hints/with-hints.ts';
import { type Intake, intake } from './intake/intake.ts';
import type { Document } from './model/document.ts';
import type { NodeView } from './model/node-view.ts';
import type { Problem } from './model/problem.ts';
import type { Ruleset } from './model/ruleset.ts';
import type { Settings } from './model/settings.ts';
import { nodeView } from './view/node-view.ts';

/** One node's rules, or null where there can be none, with all that was noticed on the way. */
export interface Compiled {
	readonly ruleset: Ruleset | null;
	readonly view: NodeView | null;
	readonly problems: readonly Problem[];
	readonly intake: Intake;
}

/** The conductor: documents in, one node's ruleset out. Text is made of it by render/. */
export function compileNode(documents: readonly Document[], settings: Settings): Compiled {
	const read = intake(documents);
	const hinted = withHints(read.state, settings.hints);
	const { view, problems } = nodeView(hinted.state, settings);
	return {
		ruleset: view === null ? null : compile(view),
		view,
		problems: [...read.problems, ...hinted.problems, ...problems],
		intake: read,
	};
}
