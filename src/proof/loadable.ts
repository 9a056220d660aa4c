import type { Loadable } from '../model/loadable.ts';
import type { Ruleset } from '../model/ruleset.ts';
import { render, renderTransaction } from '../render/render.ts';
import type { Show } from '../render/templates.ts';
import { pieces } from './pieces.ts';

/** What to load for a ruleset. @throws TemplateError when a template fails */
export function loadableOf(ruleset: Ruleset, show: Show): Loadable {
	return {
		whole: render(ruleset, show),
		pieces: () => pieces(ruleset).map((piece) => renderTransaction(piece, show)),
	};
}
