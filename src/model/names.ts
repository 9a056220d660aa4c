// What Kubernetes allows in names (apimachinery `pkg/util/validation`). All of it is safe in an nft identifier or comment.
const DNS_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;

/** Names of Services, namespaces and ports: at most 63 lower-case letters, digits and inner hyphens. */
export function isDnsLabel(text: string): boolean {
	return DNS_LABEL.test(text);
}

/** Names of most other objects: DNS labels joined by dots, 253 characters at the most. */
export function isDnsSubdomain(text: string): boolean {
	return text.length <= 253 && DNS_SUBDOMAIN.test(text);
}

/** Values of labels, such as a zone; the empty text is one. */
export function isLabelValue(text: string): boolean {
	return LABEL_VALUE.test(text);
}

const MOST_SHOWN = 100;

/**
 * A value from the input as a message can show it: a plain text as it is, another text quoted, escaped and cut,
 * a number, `true`, `false` or `null` as it is written, anything bigger by its kind.
 */
export function shown(value: unknown): string {
	if (typeof value === 'string') return shownText(value);
	if (Array.isArray(value)) return 'a list';
	return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

function shownText(text: string): string {
	return /^[\w./:%-]{1,100}$/.test(text) ? text : shownQuoted(text);
}

/** A text in quotes, escaped and cut. */
export function shownQuoted(text: string): string {
	const quoted = JSON.stringify(text.slice(0, MOST_SHOWN));
	return quoted.length > MOST_SHOWN ? `${quoted.slice(0, MOST_SHOWN - 1)}…` : quoted;
}
