/** What expressions of a workflow may ask for: `inputs`, `steps`, `github`, `runner`, … */
export type Contexts = Readonly<Record<string, unknown>>;

/** A text with its `${{ … }}` replaced, as GitHub does before a step runs. */
export function substituted(text: string, contexts: Contexts): string {
	return text.replace(/\$\{\{(.*?)\}\}/gs, (_all, expression: string) => String(valueIn(expression, contexts) ?? ''));
}

/** Whether a step runs: nothing was cancelled, and without a condition nothing may have failed before. */
export function holds(condition: string | undefined, failed: boolean, contexts: Contexts): boolean {
	if (condition === undefined) return !failed;
	const expression = condition.replace(/^\$\{\{(.*)\}\}$/s, '$1');
	return /cancelled\(\)|always\(\)/.test(expression)
		? valueIn(expression, contexts) === true
		: !failed && valueIn(expression, contexts) === true;
}

/** The few expressions that our own workflows use: `a && b`, `a == b`, `a != b`, functions, literals and paths. */
function valueIn(expression: string, contexts: Contexts): unknown {
	const terms = expression.split('&&');
	if (terms.length > 1) return terms.every((term) => valueIn(term, contexts) === true);
	const [, left = '', operator = '', right = ''] = /^(.*?)(==|!=)(.*)$/.exec(expression) ?? [];
	if (operator !== '') {
		const equal = (valueIn(left, contexts) ?? '') === (valueIn(right, contexts) ?? '');
		return operator === '==' ? equal : !equal;
	}
	const term = expression.trim();
	if (term === '!cancelled()' || term === 'always()') return true;
	const [, literal] = /^'(.*)'$/.exec(term) ?? [];
	if (literal !== undefined) return literal;
	if (!/^[\w-]+(?:\.[\w-]+)+$/.test(term)) throw new Error(`the test knows no expression ${term}`);
	return term.split('.').reduce<unknown>((value, key) => (value as Contexts | undefined)?.[key], contexts);
}
